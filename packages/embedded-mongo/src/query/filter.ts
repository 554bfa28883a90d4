import { BSONRegExp, type Document } from 'bson';
import { Query } from 'mingo/query';
import { CommandError } from '../command-error.ts';
import { isDocument, setField } from '../values/is-document.ts';
import type { Predicate } from './comparison-operators.ts';
import { filterOptions, plainOperators } from './mingo-context.ts';

/** A filter that was read once: a predicate for documents, and the conditions that an index may serve. */
export type Filter = {
  test: Predicate;
  /** What must all hold, one entry per field and operator; conditions inside `$or` and the like are not among them. */
  conditions: readonly Condition[];
  /** What each condition asks, in the same order, when the filter is no more than its conditions. */
  tests: readonly Predicate[] | undefined;
  /** Whether every document passes. */
  all: boolean;
};

export type Condition = { path: string; operator: string; operand: unknown };

/**
 * Compiles a filter.
 *
 * @param variables what `$expr` sees as `$$name`
 * @throws CommandError BadValue for an operator that this store does not know
 */
export function compileFilter(filter: Document, variables?: Document): Filter {
  const normal = withRegExps(filter);
  if (!isDocument(normal)) throw new CommandError('TypeMismatch', 'a filter has to be a document');
  const { $comment: _, ...criteria } = normal;
  const conditions: Condition[] = [];
  collectConditions(criteria, conditions);
  const tests = isPlain(criteria) ? conditions.flatMap(toTest) : undefined;
  return {
    test: tests === undefined ? mingoTest(criteria, variables) : passesAll(tests),
    conditions,
    tests,
    all: Object.keys(criteria).length === 0,
  };
}

/** Whether a filter says nothing but what single fields are to be, in operators that need no mingo. */
function isPlain(criteria: Document): boolean {
  return Object.entries(criteria).every(([path, value]) => {
    if (path.startsWith('$') || value === undefined || value instanceof RegExp) return false;
    if (isOperators(value)) return Object.keys(value).every((operator) => plainOperators.has(operator));
    return !isDocument(value) || !Object.keys(value).some((name) => name.startsWith('$'));
  });
}

function toTest({ path, operator, operand }: Condition): Predicate[] {
  const test = plainOperators.get(operator);
  return test === undefined ? [] : [test(path, operand, filterOptions)];
}

/** One predicate of several. */
export function passesAll(tests: readonly Predicate[]): Predicate {
  return (document) => tests.every((test) => test(document));
}

function mingoTest(criteria: Document, variables: Document | undefined): Predicate {
  const query = refusing(() => new Query(criteria, { ...filterOptions, ...(variables && { variables }) }));
  return (document) => refusing(() => query.test(document));
}

/** Runs what mingo reads or computes, and says its complaint as MongoDB would: as a bad value. */
export function refusing<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof CommandError || error instanceof RangeError || !(error instanceof Error))
      throw error;
    const stage = /unregistered pipeline operator (\S+)\.$/.exec(error.message)?.[1];
    if (stage !== undefined)
      throw new CommandError('UnrecognizedStage', `Unrecognized pipeline stage name: '${stage}'`);
    throw new CommandError('BadValue', error.message);
  }
}

function collectConditions(criteria: Document, found: Condition[]): void {
  for (const [path, value] of Object.entries(criteria)) {
    if (path === '$and' && Array.isArray(value)) for (const part of value) collectConditions(part, found);
    else if (path.startsWith('$')) continue;
    else if (isOperators(value))
      for (const [operator, operand] of Object.entries(value)) found.push({ path, operator, operand });
    else found.push({ path, operator: value instanceof RegExp ? '$regex' : '$eq', operand: value });
  }
}

/** Whether a condition is `{ $gt: … }` rather than a value to be equal to. */
export function isOperators(value: unknown): value is Document {
  return isDocument(value) && (Object.keys(value)[0]?.startsWith('$') ?? false);
}

/** A copy in which BSON's regular expressions are JavaScript's, which mingo recognizes. */
export function withRegExps(value: unknown): unknown {
  if (value instanceof BSONRegExp) return toRegExp(value);
  if (Array.isArray(value)) return value.map(withRegExps);
  if (!isDocument(value)) return value;
  const copy = {};
  for (const [name, item] of Object.entries(value)) setField(copy, name, withRegExps(item));
  return copy;
}

function toRegExp({ pattern, options }: BSONRegExp): RegExp {
  try {
    return new RegExp(pattern, options.replaceAll('u', ''));
  } catch (error) {
    throw new CommandError('BadValue', `Regular expression is invalid: ${String(error)}`);
  }
}
