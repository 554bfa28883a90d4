import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import { compileFilter, isOperators } from '../query/filter.ts';
import { parseOrder, sortBy } from '../query/sort-order.ts';
import { compareValues, equalValues } from '../values/compare-values.ts';
import { isDocument } from '../values/is-document.ts';
import { type ConcretePath, getAt, setAt } from './concrete-path.ts';
import type { FieldOperator } from './field-operators.ts';

/** @see https://www.mongodb.com/docs/manual/reference/operator/update-array/ */
export const arrayOperators: Record<string, FieldOperator> = {
  $push(document, place, operand) {
    const { $each, $position, $slice, $sort } = modifiers(operand, ['$each', '$position', '$slice', '$sort']);
    const array = [...(arrayAt(document, place, '$push') ?? [])];
    array.splice($position === undefined ? array.length : wholeNumber($position, '$position'), 0, ...$each);
    const sorted = $sort === undefined ? array : sortElements(array, $sort);
    setAt(document, place, $slice === undefined ? sorted : slice(sorted, wholeNumber($slice, '$slice')));
  },
  $addToSet(document, place, operand) {
    const array = [...(arrayAt(document, place, '$addToSet') ?? [])];
    for (const value of modifiers(operand, ['$each']).$each)
      if (!array.some((item) => equalValues(item, value))) array.push(value);
    setAt(document, place, array);
  },
  $pop(document, place, operand) {
    const end = Number(operand);
    if (end !== 1 && end !== -1) throw new CommandError('FailedToParse', '$pop expects 1 or -1');
    const array = arrayAt(document, place, '$pop');
    if (array !== undefined) setAt(document, place, end === 1 ? array.slice(0, -1) : array.slice(1));
  },
  $pull(document, place, operand) {
    const array = arrayAt(document, place, '$pull');
    if (array === undefined) return;
    const test = pullTest(operand);
    setAt(
      document,
      place,
      array.filter((item) => !test(item)),
    );
  },
  $pullAll(document, place, operand) {
    if (!Array.isArray(operand)) throw new CommandError('BadValue', '$pullAll requires an array argument');
    const array = arrayAt(document, place, '$pullAll');
    if (array === undefined) return;
    setAt(
      document,
      place,
      array.filter((item) => !operand.some((value) => equalValues(item, value))),
    );
  },
};

function arrayAt(document: Document, place: ConcretePath, operator: string): readonly unknown[] | undefined {
  const value = getAt(document, place);
  if (value === undefined) return undefined;
  if (!Array.isArray(value))
    throw new CommandError(
      'BadValue',
      `The field '${place.join('.')}' must be an array for ${operator} but is not`,
    );
  return value;
}

type Modifiers = { $each: readonly unknown[]; $position?: unknown; $slice?: unknown; $sort?: unknown };

/** An operand with `$each`, or one value that is to be added. */
function modifiers(operand: unknown, known: readonly string[]): Modifiers {
  if (!isDocument(operand) || !('$each' in operand)) return { $each: [operand] };
  const { $each } = operand;
  if (!Array.isArray($each)) throw new CommandError('BadValue', 'The argument to $each must be an array');
  const unknown = Object.keys(operand).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new CommandError('BadValue', `Unrecognized clause in $push: ${unknown}`);
  return { ...operand, $each };
}

function wholeNumber(value: unknown, name: string): number {
  const number = Number(value);
  if (!Number.isInteger(number))
    throw new CommandError('BadValue', `The value for ${name} must be an integer`);
  return number;
}

const slice = (array: readonly unknown[], count: number) =>
  count < 0 ? array.slice(count) : array.slice(0, count);

function sortElements(array: readonly unknown[], spec: unknown): unknown[] {
  if (isDocument(spec))
    return sortBy(array, parseOrder(spec), (item) => (isDocument(item) ? item : { '': item }));
  const direction = Number(spec);
  if (direction !== 1 && direction !== -1)
    throw new CommandError('BadValue', 'The $sort element value must be either 1 or -1');
  return [...array].sort((a, b) => compareValues(a, b) * direction);
}

/** `$pull` takes conditions on an element, conditions on a document's fields, or a value. */
function pullTest(operand: unknown): (item: unknown) => boolean {
  if (isOperators(operand)) {
    const { test } = compileFilter({ element: operand });
    return (element) => test({ element });
  }
  if (!isDocument(operand)) {
    const { test } = compileFilter({ element: { $in: [operand] } });
    return Array.isArray(operand) ? (item) => equalValues(item, operand) : (element) => test({ element });
  }
  const { test } = compileFilter(operand);
  return (item) => isDocument(item) && test(item);
}
