import { type Document, Timestamp } from 'bson';
import { CommandError } from '../command-error.ts';
import { calculate, calculateBits } from '../values/arithmetic.ts';
import { compareValues } from '../values/compare-values.ts';
import { isDocument } from '../values/is-document.ts';
import { type ConcretePath, getAt, setAt, unsetAt } from './concrete-path.ts';

/** Changes one place of a document; `now` is the time of the command. */
export type FieldOperator = (document: Document, place: ConcretePath, operand: unknown, now: Date) => void;

const minOrMax =
  (direction: 1 | -1): FieldOperator =>
  (document, place, operand) => {
    const current = getAt(document, place);
    if (current === undefined || compareValues(operand, current) * direction > 0)
      setAt(document, place, operand);
  };

/** @see https://www.mongodb.com/docs/manual/reference/operator/update-field/ */
export const fieldOperators: Record<string, FieldOperator> = {
  $set: setAt,
  $setOnInsert: setAt,
  $unset: unsetAt,
  $inc: (document, place, operand) =>
    setAt(document, place, calculate('$inc', getAt(document, place), operand, place.join('.'))),
  $mul: (document, place, operand) =>
    setAt(document, place, calculate('$mul', getAt(document, place), operand, place.join('.'))),
  $min: minOrMax(-1),
  $max: minOrMax(1),
  $bit(document, place, operand) {
    if (!isDocument(operand)) throw new CommandError('BadValue', 'The $bit modifier needs a document');
    for (const [operator, bits] of Object.entries(operand))
      setAt(document, place, calculateBits(operator, getAt(document, place), bits));
  },
  $currentDate(document, place, operand, now) {
    const type: unknown = isDocument(operand) ? operand.$type : 'date';
    if (type !== 'date' && type !== 'timestamp')
      throw new CommandError('BadValue', "The '$type' of $currentDate has to be 'date' or 'timestamp'");
    setAt(
      document,
      place,
      type === 'date' ? now : new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 }),
    );
  },
};

/** `$rename`: moves a field. Arrays on the way are refused, as in MongoDB. */
export function renameField(document: Document, from: ConcretePath, to: ConcretePath): void {
  for (const path of [from, to])
    for (let at = 1; at <= path.length - 1; at++)
      if (Array.isArray(getAt(document, path.slice(0, at))))
        throw new CommandError('BadValue', `The field '${path.join('.')}' of $rename cannot be in an array`);
  const value = getAt(document, from);
  if (value === undefined) return;
  unsetAt(document, from);
  setAt(document, to, value);
}
