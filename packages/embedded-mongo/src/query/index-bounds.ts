import { encodedValue, orderOf, orderOfType } from '../bson/key.ts';
import { isArrayIndex } from '../bson/paths.ts';
import { isRegex, type Value } from '../bson/value.ts';
import type { IndexDefinition } from '../storage/index-definition.ts';
import { maxKeyBytes } from '../storage/index-keys.ts';
import { afterPrefix, storeKey, storeRange } from '../storage/keys.ts';
import type { KeyRange } from '../storage/storage.ts';
import type { Condition } from './filter.ts';
import { isNaNValue } from './operators.ts';

export type IndexBounds = {
  /** The ranges are disjoint, and in the index's order. */
  ranges(): KeyRange[];
  /** Fields that have one value in all results. */
  constant: ReadonlySet<string>;
  /** The number of leading fields with known values, and whether a range follows. */
  equalities: number;
  isRanged: boolean;
};

/** More combinations of `$in` are not looked up individually. */
const maxRanges = 20_000;

export function indexBounds(index: IndexDefinition, conditions: readonly Condition[]): IndexBounds {
  const { id, multikey } = index.record;
  const constant = new Set<string>();
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let equalities = 0;
  let interval: KeyRange | undefined;
  for (const { path, parts, direction } of index.fields) {
    if (parts.some(isArrayIndex)) break;
    const own = conditions.filter((condition) => condition.path === path);
    const values = knownValues(own, direction);
    if (values === undefined || values.length * prefixes.length > maxRanges) {
      interval = intervalOf(own, direction, multikey);
      break;
    }
    prefixes = prefixes.flatMap((prefix) => values.map((value) => Buffer.concat([prefix, value])));
    equalities++;
    if (values.length === 1 && !multikey) constant.add(path);
  }
  const isRanged = interval !== undefined;
  return {
    ranges: () =>
      equalities === 0 && !isRanged
        ? [storeRange(id)]
        : prefixes.map((prefix) => toRange(id, prefix, interval)),
    constant,
    equalities,
    isRanged,
  };
}

/** Covers the keys that begin with a prefix, or of these the ones in an interval of the next field. */
function toRange(id: number, prefix: Buffer, interval: KeyRange | undefined): KeyRange {
  const from = interval === undefined ? prefix : Buffer.concat([prefix, interval.from]);
  const to = interval === undefined ? afterPrefix(prefix) : Buffer.concat([prefix, interval.to]);
  // No key is longer than the limit: what is cut off here distinguishes no two keys.
  return { from: storeKey(id, from.subarray(0, maxKeyBytes)), to: storeKey(id, to.subarray(0, maxKeyBytes)) };
}

/** An array may match as a whole or by element, and a pattern is no value: neither has one position in an index. */
const isIndexable = (value: Value) => !Array.isArray(value) && !isRegex(value);

/** Returns the values encoded, distinct and in the index's order. */
function knownValues(conditions: readonly Condition[], direction: 1 | -1): Buffer[] | undefined {
  for (const { operator, operand } of conditions) {
    const operands =
      operator === '$eq' ? [operand] : operator === '$in' && Array.isArray(operand) ? operand : undefined;
    if (operands === undefined || !operands.every(isIndexable)) continue;
    const sorted = operands.map((value) => directed(encodedValue(value), direction)).sort(Buffer.compare);
    return sorted.filter((value, at) => at === 0 || !value.equals(sorted[at - 1] ?? value));
  }
  return undefined;
}

const rangeOperators = ['$gt', '$gte', '$lt', '$lte'];

const isRangeBound = ({ operator, operand }: Condition) =>
  rangeOperators.includes(operator) && operand !== null && isIndexable(operand) && !isNaNValue(operand);

/** Combines all bounds of the first one's type; in a multikey index, takes only the first. */
function intervalOf(
  conditions: readonly Condition[],
  direction: 1 | -1,
  multikey: boolean,
): KeyRange | undefined {
  const bounds = conditions.filter(isRangeBound);
  const [first] = bounds;
  const type = first === undefined ? typeAsked(conditions) : orderOf(first.operand);
  if (type === undefined) return undefined;
  const typeByte = directed(Buffer.from([type]), direction);
  const interval: KeyRange = { from: typeByte, to: afterPrefix(typeByte) };
  for (const { operator, operand } of multikey ? bounds.slice(0, 1) : bounds) {
    if (orderOf(operand) !== type) continue;
    const value = directed(encodedValue(operand), direction);
    const isLower = operator.startsWith('$gt') === (direction === 1);
    const bound = isLower === operator.endsWith('e') ? value : afterPrefix(value);
    if (isLower && Buffer.compare(bound, interval.from) > 0) interval.from = bound;
    if (!isLower && Buffer.compare(bound, interval.to) < 0) interval.to = bound;
  }
  return interval;
}

/** Returns the type's position in the order. An array is indexed by its elements. */
function typeAsked(conditions: readonly Condition[]): number | undefined {
  const asked = conditions.find(({ operator }) => operator === '$type')?.operand;
  return typeof asked === 'string' && asked !== 'array' ? orderOfType(asked) : undefined;
}

function directed(bytes: Buffer, direction: 1 | -1): Buffer {
  return direction === 1 ? bytes : Buffer.from(bytes.map((byte) => ~byte & 0xff));
}
