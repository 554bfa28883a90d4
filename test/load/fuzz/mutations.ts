import fc from 'fast-check';
import { anyText } from '../../support/any-text.ts';

/** Keys with a meaning to JavaScript or to MongoDB. */
export const nastyKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  'then',
  '$where',
  '$gt',
  '$ne',
  '$expr',
  '_id',
  'a.b',
  '',
  '\u0000',
];

/** Unexpected values, parsed from text so that `__proto__` is a key like any other. */
const nastyValues = [
  ...[
    'null',
    'true',
    '0',
    '-1',
    '1e308',
    '1e-9',
    '9007199254740993',
    '""',
    '[]',
    '{}',
    '[[]]',
    '[null]',
    '"🚀"',
  ],
  ...['{"$gt":""}', '{"$ne":null}', '{"$where":"while(true){}"}', '{"$regex":"(a+)+$"}', '{"$in":[{}]}'],
  ...['{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}'],
  ...['{"toString":null}', '{"toJSON":1}', '{"length":1e9}', '"\\ud800"', '"\\u0000"', '"../../etc/passwd"'],
  ...[
    '"http://169.254.169.254/"',
    '"javascript:alert(1)"',
    '"<!channel>"',
    '"%00%ff%zz"',
    '"2026-02-30T25:00:00Z"',
  ],
].map((text): unknown => JSON.parse(text));

/** A placeholder for deeply nested lists, deeper than recursion can go. */
const deep = '@deep@';
const deepText = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

export function toText(value: unknown): string {
  return (JSON.stringify(value) ?? '').replace(JSON.stringify(deep), deepText);
}

const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: fc.constantFrom(...nastyValues), weight: 20 },
  { arbitrary: anyText(30), weight: 4 },
  { arbitrary: fc.jsonValue({ maxDepth: 2 }), weight: 4 },
  { arbitrary: fc.constantFrom(300, 4000, 70_000).map((length) => 'x'.repeat(length)), weight: 1 },
  { arbitrary: fc.constant(deep), weight: 1 },
);

type Edit = { at: number; how: 'replace' | 'remove' | 'wrap' | 'add' | 'twin'; key: string; value: unknown };

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'wrap', 'add', 'twin'),
  key: fc.constantFrom(...nastyKeys),
  value: nastyValue,
});

type Slot = { holder: Record<string, unknown>; key: string };

/** Deeper values are left unchanged. */
const maxDepth = 12;

/** Every nested value, with its holder. */
function slotsOf(value: unknown, depth = 0, found: Slot[] = []): Slot[] {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return found;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    found.push({ holder, key });
    slotsOf(holder[key], depth + 1, found);
  }
  return found;
}

function put(holder: Record<string, unknown>, key: string, given: unknown): void {
  // A copy, since inserting a value into itself would make it circular.
  const value = structuredClone(given);
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function own({ holder, key }: Slot): unknown {
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}

function apply(root: unknown, { at, how, key, value }: Edit): void {
  const slots = slotsOf(root);
  const slot = slots[at % Math.max(1, slots.length)];
  const twin = slots[(at + 7) % Math.max(1, slots.length)];
  if (slot === undefined || twin === undefined) return;
  if (how === 'replace') put(slot.holder, slot.key, value);
  else if (how === 'remove') delete slot.holder[slot.key];
  else if (how === 'wrap') put(slot.holder, slot.key, [own(slot)]);
  else if (how === 'twin') put(slot.holder, slot.key, own(twin));
  else if (!Array.isArray(slot.holder)) put(slot.holder, key, value);
}

/** Unchanged, or with up to four changes. */
export function mutated(base: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(base, fc.array(edit, { maxLength: 4 })).map(([value, edits]) => {
    const root = { value: structuredClone(value) };
    for (const one of edits) apply(root, one);
    return root.value;
  });
}

/** Mostly unchanged; else cut, doubled, changed, or not text at all. */
export function mangled(text: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  return fc.tuple(text, fc.nat({ max: 99 }), fc.nat()).map(([whole, how, at]) => {
    const bytes = Buffer.from(whole);
    const place = at % Math.max(1, bytes.length);
    if (how < 88) return bytes;
    if (how < 91) return bytes.subarray(0, place);
    if (how < 93) return Buffer.concat([bytes, bytes]);
    if (how < 96) bytes[place] = at % 256;
    else if (how < 97) return Buffer.from(`\uFEFF${whole}`);
    else if (how < 98) return Buffer.from(whole.replace('{', '{"id":"twice","type":"twice",'));
    else if (how < 99) return Buffer.concat([bytes.subarray(0, place), Buffer.from([0xff, 0, 0xc3]), bytes]);
    return bytes;
  });
}
