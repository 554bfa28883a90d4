import type { IndexDefinition } from '../storage/index-definition.ts';
import { cutKey, keyLimit } from '../storage/index-keys.ts';
import { afterPrefix, storeIdLength, storeKey, storeRange } from '../storage/keys.ts';
import type { KeyRange } from '../storage/storage.ts';
import { encodedValue, typeTagOf, typeTags } from '../values/encode-value.ts';
import type { Condition } from './filter.ts';
import type { PrefixedRange, PrefixedRanges } from './merge-ranges.ts';

/** What an index can narrow a filter down to. */
export type IndexBounds = {
  /** Disjoint, in the index's order; each with the part of its keys that the known values make. */
  ranges: PrefixedRanges;
  /** Whether it is a unique index whose every field is known: then `points` are the very keys. */
  isComplete: boolean;
  points(): Buffer[];
  /** The fields that have one value in all that is found. */
  constant: ReadonlySet<string>;
  /** The fields that have one of several known values. */
  several: ReadonlySet<string>;
  /** How many leading fields have known values, and whether a range follows. */
  equalities: number;
  ranged: boolean;
  /** Whether a bounded field cannot be missing from what is found, as a sparse index asks. */
  excludesMissing: boolean;
  /** The conditions that are met by whatever lies within the bounds. */
  covered: ReadonlySet<Condition>;
};

/** More combinations of `$in` than this are not looked up one by one. */
const mostRanges = 20_000;
const ascending = 1;

type Interval = KeyRange;

export function indexBounds(index: IndexDefinition, conditions: readonly Condition[]): IndexBounds {
  const known: (readonly Buffer[])[] = [];
  const constant = new Set<string>();
  const several = new Set<string>();
  const covered = new Set<Condition>();
  const roots = new Set<string>();
  const { id, unique, multikey, cut } = index.record;
  let rangeCount = 1;
  let longest = 0;
  let excludesMissing = false;
  let interval: Interval | undefined;
  for (const { path, direction, parts } of index.fields) {
    const [root = ''] = parts;
    // In a multikey index two fields of one array may be met by different elements, which no single key shows.
    if ((multikey && roots.has(root)) || parts.some((part) => /^\d+$/.test(part))) break;
    roots.add(root);
    const own = conditions.filter((condition) => condition.path === path);
    const chosen = own.find(hasKnownValues);
    const values = chosen && knownValues(chosen, direction);
    if (values === undefined || values.length * rangeCount > mostRanges) {
      const bounds = rangeConditions(own, multikey);
      interval = rangeOf(bounds, direction);
      excludesMissing ||= interval !== undefined;
      for (const condition of bounds) if (isExactRange(condition)) covered.add(condition);
      longest += interval === undefined ? 0 : Math.max(interval.from.length, interval.to.length);
      break;
    }
    if (chosen !== undefined && operandsOf(chosen).every(isExact)) covered.add(chosen);
    excludesMissing ||= values.every((value) => value[0] !== tagByte(typeTags.null, direction));
    known.push(values);
    rangeCount *= values.length;
    longest += values.reduce((most, { length }) => Math.max(most, length), 0);
    if (!multikey) (values.length === 1 ? constant : several).add(path);
  }
  const equalities = known.length;
  return {
    ranges:
      equalities === 0 && interval === undefined
        ? [{ range: storeRange(id), prefix: storeIdLength }]
        : { length: rangeCount, at: (place) => toRange(id, combination(known, place), interval) },
    isComplete: unique && equalities === index.fields.length,
    points: () =>
      Array.from({ length: rangeCount }, (_, place) => {
        const bytes = combination(known, place);
        return storeKey(id, bytes.length > keyLimit ? cutKey(bytes) : bytes);
      }),
    constant,
    several,
    equalities,
    ranged: interval !== undefined,
    excludesMissing,
    covered: multikey || cut || longest > keyLimit ? new Set() : covered,
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
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
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

/** What a field must be one of; nothing when the condition does not say. */
function operandsOf({ operator, operand }: Condition): readonly unknown[] {
  if (operator === '$eq') return [operand];
  return operator === '$in' && Array.isArray(operand) ? operand : [];
}

function hasKnownValues(condition: Condition): boolean {
  const isList = condition.operator === '$in' && Array.isArray(condition.operand);
  return (isList || condition.operator === '$eq') && operandsOf(condition).every(isIndexable);
}

/** A condition is asked about once for each index. */
const encodedOnce = new WeakMap<Condition, readonly Buffer[]>();

/** The values that a field must have one of, encoded and in the index's order, each once. */
function knownValues(condition: Condition, direction: 1 | -1): readonly Buffer[] {
  let values = encodedOnce.get(condition);
  if (values === undefined) {
    const sorted = operandsOf(condition).map(encodedValue).sort(Buffer.compare);
    values = sorted.filter((value, at) => at === 0 || !value.equals(sorted[at - 1] ?? Buffer.alloc(0)));
    encodedOnce.set(condition, values);
  }
  return direction === ascending ? values : values.map((value) => directed(value, direction)).reverse();
}

/** An array may match as a whole or by an element, and a pattern is no value: neither is one place in an index. */
function isIndexable(value: unknown): boolean {
  return value !== undefined && !Array.isArray(value) && !(value instanceof RegExp);
}

const rangeOperators = new Set(['$gt', '$gte', '$lt', '$lte']);
const unordered = new Set<number>([typeTags.null, typeTags.minKey, typeTags.maxKey, typeTags.array]);

/** The conditions that one interval of the index's field stands for: all of the first one's type. */
function rangeConditions(conditions: readonly Condition[], multikey: boolean): Condition[] {
  const bounds = conditions.filter(
    ({ operator, operand }) =>
      rangeOperators.has(operator) &&
      isIndexable(operand) &&
      !unordered.has(typeTagOf(operand)) &&
      !Number.isNaN(operand),
  );
  const tag = typeTagOf(bounds[0]?.operand);
  return multikey ? bounds.slice(0, 1) : bounds.filter(({ operand }) => typeTagOf(operand) === tag);
}

function rangeOf(conditions: readonly Condition[], direction: 1 | -1): Interval | undefined {
  const [first] = conditions;
  if (first === undefined) return undefined;
  const tagBytes = Buffer.from([tagByte(typeTagOf(first.operand), direction)]);
  const interval: Interval = { from: tagBytes, to: afterPrefix(tagBytes) };
  for (const { operator, operand } of conditions) {
    const value = directed(encodedValue(operand), direction);
    const isLower = operator.startsWith('$gt') === (direction === ascending);
    const inclusive = operator.endsWith('e');
    const bound = isLower === inclusive ? value : afterPrefix(value);
    if (isLower && Buffer.compare(bound, interval.from) > 0) interval.from = bound;
    if (!isLower && Buffer.compare(bound, interval.to) < 0) interval.to = bound;
  }
  return interval;
}

/** Types of which an index has each value in a place of its own, also when it is the only element of an array. */
const exactTags = new Set<number>([
  typeTags.string,
  typeTags.number,
  typeTags.boolean,
  typeTags.date,
  typeTags.objectId,
]);

const isExact = (operand: unknown) => exactTags.has(typeTagOf(operand));

/** Among numbers NaN has a place below all others, and yet is not less than they are. */
function isExactRange({ operand }: Condition): boolean {
  return isExact(operand) && typeTagOf(operand) !== typeTags.number;
}

const tagByte = (tag: number, direction: 1 | -1) => (direction === ascending ? tag : ~tag & 0xff);

function directed(bytes: Buffer, direction: 1 | -1): Buffer {
  return direction === ascending ? bytes : Buffer.from(bytes.map((byte) => ~byte & 0xff));
}
