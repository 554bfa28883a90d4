import { valueIdentity } from '../bson/key.ts';
import { type Document, isDocument, isNumeric, toNumber, type Value } from '../bson/value.ts';
import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { newIndex } from '../storage/catalog.ts';
import type { IndexRecord } from '../storage/index-definition.ts';
import { assertOptions, documentOption, flagOption } from './command.ts';

export const indexOptions = ['key', 'name', 'v', 'unique', 'partialFilterExpression', 'expireAfterSeconds'];

/** @see https://www.mongodb.com/docs/manual/core/index-partial/ for the conditions of a partial index */
const partialOperators = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte', '$type', '$exists']);

type IndexSpec = Omit<IndexRecord, 'id'>;

/** Reads the specification of an index. @throws CommandError CannotCreateIndex for one that is not supported */
export function readIndexSpec(spec: Document): IndexSpec {
  assertOptions(spec, 'indexes', indexOptions);
  const version = spec.get('v');
  if (version !== undefined && !(isNumeric(version) && toNumber(version) === 2))
    throw new CommandError('CannotCreateIndex', 'embedded-mongo supports version 2 of indexes only');
  const key = readKey(documentOption(spec, 'key'));
  const [name, expiry] = [spec.get('name'), spec.get('expireAfterSeconds')];
  const partialFilterExpression = spec.has('partialFilterExpression')
    ? readPartialFilter(documentOption(spec, 'partialFilterExpression'))
    : undefined;
  return {
    ...newIndex,
    name: typeof name === 'string' ? name : keyText(key).replaceAll(/[:,]/g, '_'),
    key,
    unique: flagOption(spec, 'unique'),
    ...(partialFilterExpression && { partialFilterExpression }),
    ...(expiry !== undefined && { expireAfterSeconds: readExpiry(expiry, key) }),
  };
}

function readKey(key: Document): Document {
  if (key.size === 0) throw new CommandError('CannotCreateIndex', 'Index keys cannot be empty.');
  return new Map(
    Array.from(key, ([path, direction]): [string, Value] => {
      const sign = isNumeric(direction) ? Math.sign(toNumber(direction)) : 0;
      if (!(sign === 1 || sign === -1) || path.includes('$') || path.split('.').includes(''))
        throw new CommandError(
          'CannotCreateIndex',
          `embedded-mongo supports ascending and descending indexes only, not that on '${path}'`,
        );
      return [path, sign];
    }),
  );
}

function readPartialFilter(filter: Document): Document {
  const { conditions } = compileFilter(filter);
  const refused =
    [...filter.keys()].find((path) => path.startsWith('$') && path !== '$and') ??
    conditions.find(
      ({ operator, operand }) =>
        !partialOperators.has(operator) || (operator === '$exists' && operand !== true),
    )?.operator;
  if (refused !== undefined)
    throw new CommandError('CannotCreateIndex', `Expression not supported in partial index: ${refused}`);
  return filter;
}

function readExpiry(value: Value, key: Document): number {
  if (key.size > 1)
    throw new CommandError(
      'CannotCreateIndex',
      'TTL indexes are single-field indexes, compound indexes do not support TTL',
    );
  const seconds = isNumeric(value) ? toNumber(value) : -1;
  if (!(seconds >= 0 && seconds <= 2 ** 31 - 1))
    throw new CommandError(
      'CannotCreateIndex',
      'TTL index expireAfterSeconds has to be a number of seconds from 0 to 2147483647',
    );
  return Math.floor(seconds);
}

/**
 * Whether an index that is wanted is there already.
 *
 * @throws CommandError IndexKeySpecsConflict or IndexOptionsConflict when another is in its place
 */
export function isThere(existing: readonly IndexRecord[], wanted: IndexSpec): boolean {
  const named = existing.find(({ name }) => name === wanted.name);
  const alike = existing.find((record) => signature(record) === signature(wanted));
  if (named !== undefined && named !== alike)
    throw new CommandError(
      'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index: ${wanted.name}`,
    );
  if (alike === undefined) return false;
  if (alike.name !== wanted.name)
    throw new CommandError(
      'IndexOptionsConflict',
      `Index already exists with a different name: ${alike.name}`,
    );
  if (alike.expireAfterSeconds !== wanted.expireAfterSeconds)
    throw new CommandError('IndexOptionsConflict', `An equivalent index has other options: ${wanted.name}`);
  return true;
}

/** What tells two indexes apart but their names. */
function signature({ key, unique, partialFilterExpression }: IndexSpec): string {
  // MongoDB's own index on _id is unique without saying so.
  const isId = keyText(key) === '_id:1';
  return JSON.stringify([keyText(key), unique && !isId, valueIdentity(partialFilterExpression)]);
}

/** `{ a: 1, b: -1 }` as one text, for comparing. */
export function keyText(key: Value | undefined): string {
  if (!isDocument(key)) return '';
  return Array.from(
    key,
    ([path, direction]) => `${path}:${isNumeric(direction) ? toNumber(direction) : ''}`,
  ).join(',');
}
