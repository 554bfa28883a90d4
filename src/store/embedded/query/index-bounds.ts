import type { IndexDefinition } from '../storage/index-definition.ts';
import { cutKey, keyLimit } from '../storage/index-keys.ts';
import { afterPrefix, storeIdLength, storeKey, storeRange } from '../storage/keys.ts';
import type { KeyRange } from '../storage/storage.ts';
import { encodedValue, typeTagOf, typeTags } from '../values/encode-value.ts';
import type { Condition } from './filter.ts';
import type { PrefixedRange } from './merge-ranges.ts';

/** What an index can narrow a filter down to. */
export type IndexBounds = {
  /** Disjoint, in the index's order; each with the part of its keys that the known values make. */
  ranges: PrefixedRange[];
  /** In a unique index whose every field is known: the very keys. */
  points: Buffer[] | undefined;
  /** The fields that have one value in all that is found. */
  constant: ReadonlySet<string>;
  /** The fields that have one of several known values. */
  several: ReadonlySet<string>;
  /** How many leading fields have known values, and whether a range follows. */
  equalities: number;
  ranged: boolean;
  /** Whether a bounded field cannot be missing from what is found, as a sparse index asks. */
  excludesMissing: boolean;
};

/** More combinations of `$in` than this are not looked up one by one. */
const mostRanges = 20_000;
const ascending = 1;

type Interval = KeyRange;

export function indexBounds(index: IndexDefinition, conditions: readonly Condition[]): IndexBounds {
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  const constant = new Set<string>();
  const several = new Set<string>();
  const roots = new Set<string>();
  let equalities = 0;
  let excludesMissing = false;
  let interval: Interval | undefined;
  for (const { path, direction, parts } of index.fields) {
    const [root = ''] = parts;
    // In a multikey index two fields of one array may be met by different elements, which no single key shows.
    if ((index.record.multikey && roots.has(root)) || parts.some((part) => /^\d+$/.test(part))) break;
    roots.add(root);
    const own = conditions.filter((condition) => condition.path === path);
    const values = knownValues(own, direction);
    if (values === undefined || values.length * prefixes.length > mostRanges) {
      interval = rangeOf(own, direction, index.record.multikey);
      excludesMissing ||= interval !== undefined;
      break;
    }
    excludesMissing ||= values.every((value) => value[0] !== tagByte(typeTags.null, direction));
    prefixes = prefixes.flatMap((prefix) => values.map((value) => Buffer.concat([prefix, value])));
    if (!index.record.multikey) (values.length === 1 ? constant : several).add(path);
    equalities++;
  }
  const { id, unique } = index.record;
  const complete = unique && equalities === index.fields.length;
  return {
    ranges:
      equalities === 0 && interval === undefined
        ? [{ range: storeRange(id), prefix: storeIdLength }]
        : prefixes.map((prefix) => toRange(id, prefix, interval)),
    points: complete
      ? prefixes.map((bytes) => storeKey(id, bytes.length > keyLimit ? cutKey(bytes) : bytes))
      : undefined,
    constant,
    several,
    equalities,
    ranged: interval !== undefined,
    excludesMissing,
  };
}

function toRange(id: number, prefix: Buffer, interval: Interval | undefined): PrefixedRange {
  const from = interval === undefined ? prefix : Buffer.concat([prefix, interval.from]);
  const to = interval === undefined ? afterPrefix(prefix) : Buffer.concat([prefix, interval.to]);
  const isPrefixLong = prefix.length > keyLimit;
  const end =
    isPrefixLong || to.length > keyLimit
      ? afterPrefix((isPrefixLong ? prefix : to).subarray(0, keyLimit))
      : to;
  return {
    range: { from: storeKey(id, from.subarray(0, keyLimit)), to: storeKey(id, end) },
    prefix: storeIdLength + prefix.length,
  };
}

/** The values that a field must have one of, encoded and in the index's order; `undefined` when they are not known. */
function knownValues(conditions: readonly Condition[], direction: 1 | -1): Buffer[] | undefined {
  for (const { operator, operand } of conditions) {
    const operands = operator === '$eq' ? [operand] : operator === '$in' ? operand : undefined;
    if (!Array.isArray(operands) || !operands.every(isIndexable)) continue;
    const encoded = operands.map((value) => directed(encodedValue(value), direction)).sort(Buffer.compare);
    return encoded.filter((value, at) => at === 0 || !value.equals(encoded[at - 1] ?? Buffer.alloc(0)));
  }
  return undefined;
}

/** An array may match as a whole or by an element, and a pattern is no value: neither is one place in an index. */
function isIndexable(value: unknown): boolean {
  return value !== undefined && !Array.isArray(value) && !(value instanceof RegExp);
}

const rangeOperators = new Set(['$gt', '$gte', '$lt', '$lte']);
const unordered = new Set<number>([typeTags.null, typeTags.minKey, typeTags.maxKey, typeTags.array]);

function rangeOf(
  conditions: readonly Condition[],
  direction: 1 | -1,
  multikey: boolean,
): Interval | undefined {
  const bounds = conditions.filter(
    ({ operator, operand }) =>
      rangeOperators.has(operator) &&
      isIndexable(operand) &&
      !unordered.has(typeTagOf(operand)) &&
      !Number.isNaN(operand),
  );
  const [first] = bounds;
  if (first === undefined) return undefined;
  const tag = typeTagOf(first.operand);
  const tagBytes = Buffer.from([tagByte(tag, direction)]);
  const interval: Interval = { from: tagBytes, to: afterPrefix(tagBytes) };
  for (const { operator, operand } of multikey ? [first] : bounds) {
    if (typeTagOf(operand) !== tag) continue;
    const value = directed(encodedValue(operand), direction);
    const isLower = operator.startsWith('$gt') === (direction === ascending);
    const inclusive = operator.endsWith('e');
    const bound = isLower === inclusive ? value : afterPrefix(value);
    if (isLower && Buffer.compare(bound, interval.from) > 0) interval.from = bound;
    if (!isLower && Buffer.compare(bound, interval.to) < 0) interval.to = bound;
  }
  return interval;
}

const tagByte = (tag: number, direction: 1 | -1) => (direction === ascending ? tag : ~tag & 0xff);

function directed(bytes: Buffer, direction: 1 | -1): Buffer {
  return direction === ascending ? bytes : Buffer.from(bytes.map((byte) => ~byte & 0xff));
}
