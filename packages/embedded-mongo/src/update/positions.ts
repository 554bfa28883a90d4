import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import { elementTest } from '../query/element-operators.ts';
import { type Condition, compileFilter } from '../query/filter.ts';
import { filterOptions } from '../query/mingo-context.ts';
import { isDocument } from '../values/is-document.ts';
import { type ConcretePath, getAt } from './concrete-path.ts';

/** What the `$` parts of a path stand for. */
export type Positions = {
  /** The conditions of the filter that found the document: they tell which element `$` is. */
  conditions: readonly Condition[];
  /** The array filters, by identifier: what `$[identifier]` passes. */
  arrayFilters: ReadonlyMap<string, (element: unknown) => boolean>;
};

/** The places in a document that a path means: one, or with `$[]` and `$[identifier]` any number. */
export function expandPath(document: Document, path: string, positions: Positions): ConcretePath[] {
  const parts = path.split('.');
  if (parts.some((part) => part === '')) throw new CommandError('BadValue', `bad path: '${path}'`);
  if (!path.includes('$')) return [parts];
  let places: string[][] = [[]];
  for (const part of parts)
    places = part.startsWith('$')
      ? places.flatMap((place) =>
          elementsFor(document, place, part, positions).map((index) => [...place, String(index)]),
        )
      : places.map((place) => [...place, part]);
  return places;
}

function elementsFor(document: Document, place: ConcretePath, part: string, positions: Positions): number[] {
  const array = getAt(document, place);
  if (part === '$') return [matchedElement(array, place, positions.conditions)];
  const identifier = /^\$\[(\w*)\]$/.exec(part)?.[1];
  if (identifier === undefined)
    throw new CommandError('DollarPrefixedFieldName', `The dollar prefixed field '${part}' is not valid`);
  if (!Array.isArray(array))
    throw new CommandError(
      'BadValue',
      `The path '${place.join('.')}' must exist and be an array to apply array updates`,
    );
  if (identifier === '') return array.map((_, index) => index);
  const passes = positions.arrayFilters.get(identifier);
  if (passes === undefined)
    throw new CommandError('BadValue', `No array filter found for identifier '${identifier}'`);
  return array.flatMap((element, index) => (passes(element) ? [index] : []));
}

/** The first element that meets the filter's conditions on its array. */
function matchedElement(array: unknown, place: ConcretePath, conditions: readonly Condition[]): number {
  const path = place.join('.');
  const tests = conditions.flatMap(({ path: conditionPath, operator, operand }) => {
    if (conditionPath === path)
      return [
        operator === '$elemMatch' && isDocument(operand)
          ? elementTest(operand, filterOptions)
          : elementTest({ [operator]: operand }, filterOptions),
      ];
    if (!conditionPath.startsWith(`${path}.`)) return [];
    return [elementTest({ [conditionPath.slice(path.length + 1)]: { [operator]: operand } }, filterOptions)];
  });
  const index = Array.isArray(array)
    ? array.findIndex((element) => tests.length > 0 && tests.every((test) => test(element)))
    : -1;
  if (index < 0)
    throw new CommandError(
      'BadValue',
      'The positional operator did not find the match needed from the query.',
    );
  return index;
}

/** Reads `arrayFilters`. @throws CommandError FailedToParse when a filter is not about one identifier */
export function parseArrayFilters(filters: unknown): Map<string, (element: unknown) => boolean> {
  const parsed = new Map<string, (element: unknown) => boolean>();
  if (filters === undefined) return parsed;
  if (!Array.isArray(filters)) throw new CommandError('TypeMismatch', 'arrayFilters has to be an array');
  for (const filter of filters) {
    const identifiers = new Set<string>();
    const criteria: Document = isDocument(filter) ? stripIdentifier(filter, identifiers) : {};
    const [identifier] = identifiers;
    if (identifier === undefined || identifiers.size !== 1)
      throw new CommandError('FailedToParse', 'an array filter has to be about one identifier');
    if (parsed.has(identifier))
      throw new CommandError(
        'FailedToParse',
        `Found multiple array filters with the same top-level field name ${identifier}`,
      );
    const { test } = compileFilter(criteria);
    parsed.set(identifier, (element) => test({ element }));
  }
  return parsed;
}

/** `{ 'e.a': 1 }` becomes conditions on a document that holds the element as `element`. */
function stripIdentifier(filter: Document, identifiers: Set<string>): Document {
  const criteria: Document = {};
  for (const [path, condition] of Object.entries(filter)) {
    if (path.startsWith('$') && Array.isArray(condition)) {
      criteria[path] = condition.map((part) =>
        isDocument(part) ? stripIdentifier(part, identifiers) : part,
      );
      continue;
    }
    const [identifier = '', ...rest] = path.split('.');
    identifiers.add(identifier);
    criteria[['element', ...rest].join('.')] = condition;
  }
  return criteria;
}
