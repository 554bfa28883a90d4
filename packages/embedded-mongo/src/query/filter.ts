import { expectDocument } from '../bson/expect-type.ts';
import { comparedValues, rootOf, valuesAt } from '../bson/paths.ts';
import { type Document, isDocument, isRegex, type Value } from '../bson/value.ts';
import { badValue, unsupported } from '../command-error.ts';
import { comparisonOperators, hasOperators, matchesPattern, negated, type Test } from './operators.ts';

type Predicate = (document: Document) => boolean;

/** A condition is necessary for a match, and an index can serve it. */
export type Condition = { path: string; operator: string; operand: Value };

export type Filter = {
  test: Predicate;
  /** These must all hold; those inside `$or` and the like are not included. */
  conditions: readonly Condition[];
  fields: ReadonlySet<string>;
  all: boolean;
};

export const logicalOperators = ['$and', '$or', '$nor'];
/** `$options` belongs to `$regex`. */
export const fieldOperators = [
  ...Object.keys(comparisonOperators),
  '$not',
  '$elemMatch',
  '$regex',
  '$options',
];

type Collected = { conditions: Condition[]; fields: Set<string> };

/** @throws CommandError BadValue that names an unsupported operator */
export function compileFilter(filter: Document): Filter {
  const collected: Collected = { conditions: [], fields: new Set() };
  const tests = compileCriteria(filter, collected);
  return { test: all(tests), ...collected, all: tests.length === 0 };
}

const all =
  <T>(tests: readonly ((item: T) => boolean)[]) =>
  (item: T) =>
    tests.every((test) => test(item));

function compileCriteria(criteria: Document, collected: Collected): Predicate[] {
  return Array.from(criteria, ([key, value]) => {
    if (logicalOperators.includes(key)) return compileLogical(key, value, collected);
    if (key.startsWith('$')) throw unsupported(`the top level operator ${key}`);
    collected.fields.add(rootOf(key));
    const parts = key.split('.');
    const conditions = readConditions(key, value);
    collected.conditions.push(...conditions);
    const test = all(compileConditions(conditions));
    return (document) => {
      const values = valuesAt(document, parts);
      return test({ values, elements: comparedValues(values) });
    };
  });
}

function compileLogical(name: string, parts: Value, collected: Collected): Predicate {
  if (!Array.isArray(parts) || parts.length === 0) throw badValue(`${name} must be a nonempty array`);
  const inner = name === '$and' ? collected : { conditions: [], fields: collected.fields };
  const tests = parts.map((part) =>
    all(compileCriteria(expectDocument(part, `each part of ${name}`), inner)),
  );
  if (name === '$and') return all(tests);
  return (document) => tests.some((test) => test(document)) === (name === '$or');
}

function readConditions(path: string, value: Value): Condition[] {
  if (isDocument(value) && hasOperators(value))
    return Array.from(value, ([operator, operand]) => ({ path, operator, operand }));
  return [{ path, operator: isRegex(value) ? '$regex' : '$eq', operand: value }];
}

function compileConditions(conditions: readonly Condition[]): Test[] {
  const operandOf = (name: string) => conditions.find(({ operator }) => operator === name)?.operand;
  return conditions.map(({ operator, operand }): Test => {
    const compare = comparisonOperators[operator];
    if (compare !== undefined) return compare(operand);
    switch (operator) {
      case '$not':
        return compileNot(operand);
      case '$elemMatch': {
        const test = compileElement(operand, '$elemMatch');
        return ({ values }) => values.some((value) => Array.isArray(value) && value.some(test));
      }
      case '$regex':
        return matchesPattern(operand, operandOf('$options'));
      case '$options':
        if (operandOf('$regex') !== undefined) return () => true;
        throw badValue('$options needs a $regex');
      default:
        throw unsupported(`the operator ${operator}`);
    }
  });
}

function compileNot(operand: Value): Test {
  if (!isRegex(operand) && !(isDocument(operand) && hasOperators(operand)))
    throw badValue('$not needs a regex or a document of operators');
  return negated(all(compileConditions(readConditions('', operand))));
}

/** Conditions are on an element itself (`{ $gt: 1 }`), or on its fields. */
export function compileElement(criteria: Value, name: string): (element: Value) => boolean {
  const conditions = expectDocument(criteria, name);
  const [first = ''] = conditions.keys();
  if (first.startsWith('$') && !logicalOperators.includes(first)) {
    const test = all(compileConditions(readConditions('', conditions)));
    return (element) => test({ values: [element], elements: [element] });
  }
  const { test } = compileFilter(conditions);
  return (element) => {
    if (isDocument(element)) return test(element);
    return Array.isArray(element) && test(new Map(element.map((item, at) => [String(at), item])));
  };
}
