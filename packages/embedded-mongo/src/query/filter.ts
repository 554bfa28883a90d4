import { rootOf } from '../bson/paths.ts';
import { type Document, isDocument, isRegex, type Value } from '../bson/value.ts';
import { CommandError } from '../command-error.ts';
import { comparisonOperators, hasOperators, type Matcher, matcher, regexMatcher } from './operators.ts';

type Predicate = (document: Document) => boolean;

/** What a field must meet for the whole filter to pass: an index may serve it. */
export type Condition = { path: string; operator: string; operand: Value };

export type Filter = {
  test: Predicate;
  /** Conditions that must all hold; those within `$or` and the like are not among them. */
  conditions: readonly Condition[];
  /** The top-level fields that the test reads. */
  fields: ReadonlySet<string>;
  /** Whether every document passes. */
  all: boolean;
};

export const logicalOperators = ['$and', '$or', '$nor'];
/** Operators on a field; `$options` belongs to `$regex`. */
export const fieldOperators = [
  ...Object.keys(comparisonOperators),
  '$not',
  '$elemMatch',
  '$regex',
  '$options',
];

/** What is collected while a filter is read. */
type Collected = { conditions: Condition[]; fields: Set<string> };

/** Reads a filter. @throws CommandError BadValue that names an operator which is not supported */
export function compileFilter(filter: Document): Filter {
  const collected: Collected = { conditions: [], fields: new Set() };
  const tests = compileCriteria(filter, collected);
  return { test: all(tests), ...collected, all: tests.length === 0 };
}

const all =
  (tests: readonly Predicate[]): Predicate =>
  (document) =>
    tests.every((test) => test(document));

function compileCriteria(criteria: Document, collected: Collected): Predicate[] {
  return [...criteria].flatMap(([key, value]): Predicate[] => {
    if (key === '$comment') return [];
    if (logicalOperators.includes(key)) return [compileLogical(key, value, collected)];
    if (key.startsWith('$'))
      throw new CommandError(
        'BadValue',
        `unknown top level operator: ${key}. embedded-mongo does not support it`,
      );
    collected.fields.add(rootOf(key));
    return compileField(key, value, collected).map(
      ({ matches }) =>
        (document) =>
          matches(document),
    );
  });
}

function compileLogical(name: string, parts: Value, collected: Collected): Predicate {
  if (!Array.isArray(parts) || parts.length === 0)
    throw new CommandError('BadValue', `${name} must be a nonempty array`);
  // Only what is in $and must hold in any case.
  const inner = name === '$and' ? collected : { conditions: [], fields: collected.fields };
  const tests = parts.map((part) => {
    if (!isDocument(part)) throw new CommandError('BadValue', `${name} entries need to be full objects`);
    return all(compileCriteria(part, inner));
  });
  if (name === '$and') return all(tests);
  const wanted = name === '$or';
  return (document) => tests.some((test) => test(document)) === wanted;
}

function compileField(path: string, value: Value, collected: Collected): Matcher[] {
  const operators: Document =
    isDocument(value) && hasOperators(value) ? value : new Map([[isRegex(value) ? '$regex' : '$eq', value]]);
  return [...operators].flatMap(([operator, operand]): Matcher[] => {
    collected.conditions.push({ path, operator, operand });
    const compare = comparisonOperators[operator];
    if (compare !== undefined) return [compare(path, operand)];
    switch (operator) {
      case '$not':
        return [notMatcher(path, operand, collected)];
      case '$elemMatch':
        return [elementMatcher(path, operand)];
      case '$regex':
        return [regexMatcher(path, operand, operators.get('$options'))];
      case '$options':
        if (operators.has('$regex')) return [];
        throw new CommandError('BadValue', '$options needs a $regex');
      default:
        throw new CommandError(
          'BadValue',
          `unknown operator: ${operator}. embedded-mongo does not support it`,
        );
    }
  });
}

function notMatcher(path: string, operand: Value, { fields }: Collected): Matcher {
  if (!isRegex(operand) && !(isDocument(operand) && hasOperators(operand)))
    throw new CommandError('BadValue', '$not needs a regex or a document of operators');
  const inner = compileField(path, operand, { conditions: [], fields: new Set(fields) });
  return {
    matches: (document) => !inner.every(({ matches }) => matches(document)),
    matchesValue: (value) => !inner.every(({ matchesValue }) => matchesValue(value)),
  };
}

function elementMatcher(path: string, operand: Value): Matcher {
  const test = compileElement(operand, '$elemMatch');
  return matcher(path, (value) => Array.isArray(value) && value.some(test), { whole: true });
}

/** Conditions on an array's element: on itself (`{ $gt: 1 }`), or on its fields. */
export function compileElement(criteria: Value, name: string): (element: Value) => boolean {
  if (!isDocument(criteria)) throw new CommandError('BadValue', `${name} needs an Object`);
  const [first = ''] = criteria.keys();
  if (first.startsWith('$') && !logicalOperators.includes(first)) {
    const matchers = compileField('', criteria, { conditions: [], fields: new Set() });
    return (element) => matchers.every(({ matchesValue }) => matchesValue(element));
  }
  const { test } = compileFilter(criteria);
  return (element) => {
    if (isDocument(element)) return test(element);
    return Array.isArray(element) && test(new Map(element.map((item, at) => [String(at), item])));
  };
}
