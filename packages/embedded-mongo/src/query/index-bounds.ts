import { encodedValue, orderOf, orderOfType } from '../bson/key.ts';
import { isArrayIndex } from '../bson/paths.ts';
import { bsonTypes, Double, isRegex, RawValue, type Value } from '../bson/value.ts';
import type { IndexDefinition } from '../storage/index-definition.ts';
import { cutKey, maxKeyBytes } from '../storage/index-keys.ts';
import { afterPrefix, storeKey, storeRange } from '../storage/keys.ts';
import type { Ranges } from '../storage/scan.ts';
import type { KeyRange } from '../storage/storage.ts';
import type { Condition } from './filter.ts';

/** What an index can narrow a filter down to. */
export type IndexBounds = {
  /** Disjoint, in the index's order. */
  ranges: Ranges;
  /** Whether it is a unique index whose every field is known: then `points` are the very keys. */
  isComplete: boolean;
  points(): Buffer[];
  /** The fields that have one value in all that is found. */
  constant: ReadonlySet<string>;
  /** How many leading fields have known values, and whether a range follows. */
  equalities: number;
  isRanged: boolean;
};

/** More combinations of `$in` than this are not looked up one by one. */
const maxRanges = 20_000;

export function indexBounds(index: IndexDefinition, conditions: readonly Condition[]): IndexBounds {
  const { id, unique, multikey } = index.record;
  const known: (readonly Buffer[])[] = [];
  const constant = new Set<string>();
  const roots = new Set<string>();
  let rangeCount = 1;
  let interval: KeyRange | undefined;
  for (const { path, direction, parts } of index.fields) {
    const [root = ''] = parts;
    // In a multikey index two fields of one array may be met by different elements, which no single key shows.
    if ((multikey && roots.has(root)) || parts.some(isArrayIndex)) break;
    roots.add(root);
    const own = conditions.filter((condition) => condition.path === path);
    const values = knownValues(own, direction);
    if (values === undefined || values.length * rangeCount > maxRanges) {
      interval = intervalOf(own, direction, multikey);
      break;
    }
    known.push(values);
    rangeCount *= values.length;
    if (values.length === 1 && !multikey) constant.add(path);
  }
  return {
    ranges:
      known.length === 0 && interval === undefined
        ? [storeRange(id)]
        : { length: rangeCount, at: (place) => toRange(id, combination(known, place), interval) },
    isComplete: unique && known.length === index.fields.length,
    points: () =>
      Array.from({ length: rangeCount }, (_, place) => {
        const bytes = combination(known, place);
        return storeKey(id, bytes.length > maxKeyBytes ? cutKey(bytes) : bytes);
      }),
    constant,
    equalities: known.length,
    isRanged: interval !== undefined,
  };
}

/** One value of each field: of all combinations, in order, the one at a place. */
function combination(known: readonly (readonly Buffer[])[], place: number): Buffer {
  const parts: Buffer[] = [];
  let left = place;
  for (const values of known.toReversed()) {
    parts.unshift(values[left % values.length] ?? Buffer.alloc(0));
    left = Math.floor(left / values.length);
  }
  return Buffer.concat(parts);
}

/** The keys that begin with a prefix; one that is too long was cut, and only the beginning tells. */
function toRange(id: number, prefix: Buffer, interval: KeyRange | undefined): KeyRange {
  const from = interval === undefined ? prefix : Buffer.concat([prefix, interval.from]);
  const to = interval === undefined ? afterPrefix(prefix) : Buffer.concat([prefix, interval.to]);
  const isPrefixLong = prefix.length > maxKeyBytes;
  const end =
    isPrefixLong || to.length > maxKeyBytes
      ? afterPrefix((isPrefixLong ? prefix : to).subarray(0, maxKeyBytes))
      : to;
  return { from: storeKey(id, from.subarray(0, maxKeyBytes)), to: storeKey(id, end) };
}

/** An array may match as a whole or by an element, and a pattern is no value: neither is one place in an index. */
const isIndexable = (value: Value) => !Array.isArray(value) && !isRegex(value);

/** A condition is asked about once for each index. */
const encoded = new WeakMap<Condition, readonly Buffer[]>();

/** The values that a field must have one of, encoded and in the index's order, each once. */
function knownValues(conditions: readonly Condition[], direction: 1 | -1): readonly Buffer[] | undefined {
  for (const condition of conditions) {
    const { operator, operand } = condition;
    const operands =
      operator === '$eq' ? [operand] : operator === '$in' && Array.isArray(operand) ? operand : undefined;
    if (operands === undefined || !operands.every(isIndexable)) continue;
    let values = encoded.get(condition);
    if (values === undefined) {
      const sorted = operands.map(encodedValue).sort(Buffer.compare);
      values = sorted.filter((value, at) => at === 0 || !value.equals(sorted[at - 1] ?? Buffer.alloc(0)));
      encoded.set(condition, values);
    }
    return direction === 1 ? values : values.map((value) => directed(value, direction)).reverse();
  }
  return undefined;
}

const rangeOperators = new Set(['$gt', '$gte', '$lt', '$lte']);

function isRangeBound({ operator, operand }: Condition): boolean {
  if (!rangeOperators.has(operator) || operand === null || !isIndexable(operand)) return false;
  if (operand instanceof Double && Number.isNaN(operand.value)) return false;
  // These two compare with every type.
  return !(
    operand instanceof RawValue &&
    (operand.type === bsonTypes.minKey || operand.type === bsonTypes.maxKey)
  );
}

/** One interval of the index's field, for all bounds of the first one's type: in a multikey index for the first alone. */
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

/** The type that `$type` asks for, as its place in the order. An array is indexed by its elements. */
function typeAsked(conditions: readonly Condition[]): number | undefined {
  const asked = conditions.find(({ operator }) => operator === '$type')?.operand;
  return typeof asked === 'string' && asked !== 'array' ? orderOfType(asked) : undefined;
}

function directed(bytes: Buffer, direction: 1 | -1): Buffer {
  return direction === 1 ? bytes : Buffer.from(bytes.map((byte) => ~byte & 0xff));
}
