import { expectDocument, expectText } from '../bson/expect-type.ts';
import { type Document, isDocument, isNumeric, type Value } from '../bson/value.ts';
import { badValue, unsupported } from '../command-error.ts';
import { compileExpression, type Expression, type Scope } from '../pipeline/expression.ts';
import { hasOperators, isTrue } from './operators.ts';

export type Projection = (document: Document, scope: Scope) => Document;

type Included = Map<string, 'whole' | Included>;

const isFlag = (value: Value) => typeof value === 'boolean' || isNumeric(value);

/** @throws CommandError BadValue */
export function compileProjection(spec: Document): Projection {
  if (spec.size === 0) return (document) => document;
  const computed = [...spec].filter(([, value]) => !isFlag(value));
  const others = [...spec].filter(([path, value]) => path !== '_id' && isFlag(value));
  const id = spec.get('_id');
  if (id !== undefined && !isFlag(id)) throw unsupported("computing '_id' in a projection");
  const includes =
    computed.length > 0 || (others.length > 0 ? others : [...spec]).some(([, value]) => isTrue(value));
  if (others.some(([, value]) => isTrue(value) !== includes))
    throw badValue('Cannot mix inclusion and exclusion in one projection');
  const paths = others.map(([path]) => path);
  if (id === undefined ? includes : isTrue(id) === includes) paths.push('_id');
  if (!includes) return excluding(paths);
  const included: Included = new Map();
  for (const path of paths) addPath(included, path);
  const twice = computed.find(([name]) => included.has(name));
  if (twice !== undefined) throw badValue(`Path collision at ${twice[0]}`);
  const add = computing(computed);
  return (document, scope) => add(include(included, document), scope);
}

export function compileAdditions(spec: Value): Projection {
  return computing([...expectDocument(spec, '$set')]);
}

export function compileRemovals(spec: Value): Projection {
  const names = Array.isArray(spec) ? spec : [spec];
  if (names.length === 0) throw badValue('$unset needs a path');
  return excluding(names.map((name) => expectText(name, 'a path of $unset')));
}

/** @throws CommandError BadValue for a path: within documents and arrays nothing is computed or left out */
function assertName(name: string): void {
  if (name === '' || name.startsWith('$') || name.includes('.'))
    throw unsupported(`computing or excluding the path '${name}'`);
}

function excluding(names: readonly string[]): Projection {
  names.forEach(assertName);
  return (document) => new Map([...document].filter(([name]) => !names.includes(name)));
}

/** A missing result removes the field. */
function computing(fields: readonly [string, Value][]): Projection {
  const computed = fields.map(([name, value]): [string, Expression] => {
    assertName(name);
    if (isDocument(value) && !hasOperators(value)) throw unsupported(`computing fields within '${name}'`);
    return [name, compileExpression(value)];
  });
  return (document, scope) => {
    const result: Document = new Map(document);
    for (const [name, compute] of computed) {
      const value = compute(scope);
      if (value === undefined) result.delete(name);
      else result.set(name, value);
    }
    return result;
  };
}

function addPath(included: Included, path: string): void {
  const parts = path.split('.');
  if (parts.some((part) => part === '' || part.startsWith('$')))
    throw unsupported(`the path '${path}' in a projection`);
  let at = included;
  parts.forEach((part, index) => {
    const there = at.get(part);
    const isLast = index === parts.length - 1;
    if (there !== undefined && (isLast || there === 'whole')) throw badValue(`Path collision at ${path}`);
    const next: Included = there instanceof Map ? there : new Map();
    at.set(part, isLast ? 'whole' : next);
    at = next;
  });
}

function include(included: Included, document: Document): Document {
  const result: Document = new Map();
  for (const [name, value] of document) {
    const part = included.get(name);
    if (part === 'whole') result.set(name, value);
    else if (part !== undefined && (isDocument(value) || Array.isArray(value)))
      result.set(name, includeWithin(part, value));
  }
  return result;
}

function includeWithin(included: Included, value: Document | Value[]): Value {
  if (isDocument(value)) return include(included, value);
  return value.flatMap((item) =>
    isDocument(item) || Array.isArray(item) ? [includeWithin(included, item)] : [],
  );
}
