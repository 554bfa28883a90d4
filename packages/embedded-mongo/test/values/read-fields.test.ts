import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Match } from '../../src/query/find-matches.ts';
import { compileByteProjection, compileProjection } from '../../src/query/projection.ts';
import { parseUpdate } from '../../src/update/updater.ts';
import { assertWellFormed } from '../../src/values/assert-well-formed.ts';
import { FieldNames } from '../../src/values/field-names.ts';
import { readDocument, readFields } from '../../src/values/read-fields.ts';
import { replaceFields } from '../../src/values/slice-fields.ts';
import { writeDocument } from '../../src/values/write-document.ts';

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer().map((value) => new Int32(value)),
  fc.double().map((value) => new Double(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc.date({ noInvalidDate: true }),
  fc.constantFrom(null, true, false, new MinKey(), new MaxKey(), new BSONRegExp('^a', 'i')),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => new Binary(bytes)),
  fc.constantFrom(
    Decimal128.fromString('1.50'),
    new Timestamp({ t: 5, i: 1 }),
    new Code('x', { y: 1 }),
    new Code('x'),
  ),
);
const name: fc.Arbitrary<string> = fc.constantFrom(
  '_id',
  'a',
  'b',
  'ab',
  'ba',
  'é',
  '',
  '__proto__',
  'constructor',
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
}));
const document: fc.Arbitrary<Document> = fc.dictionary(name, value, { maxKeys: 7 });
const names = fc.uniqueArray(name, { maxLength: 5 });

describe('what is read or cut out of the bytes of a document', () => {
  test('some fields are what they are when all are read', () => {
    fc.assert(
      fc.property(document, names, (given, wanted) => {
        const bytes = writeDocument(given);
        const all = Object.entries(readDocument(bytes));
        const some = Object.entries(readFields(bytes, new FieldNames(wanted)));
        expect(some).toEqual(all.filter(([field]) => wanted.includes(field)));
      }),
      { numRuns: 1000 },
    );
  });

  test('a projection of whole fields is the one of the document that was read', () => {
    fc.assert(
      fc.property(document, names, fc.boolean(), fc.option(fc.boolean()), (given, fields, keep, id) => {
        const bytes = writeDocument(given);
        const spec = {
          ...Object.fromEntries(fields.filter((field) => field !== '_id').map((field) => [field, keep])),
          ...(id !== null && { _id: id }),
        };
        const projected = compileByteProjection(spec)(new Match(1, bytes));
        expect(projected).toEqual(writeDocument(compileProjection(spec)(readDocument(bytes))));
      }),
      { numRuns: 1000 },
    );
  });

  test('fields that are set in the bytes are set as in the document', () => {
    const field = name.filter((one) => one !== '' && one !== '_id' && one !== '__proto__');
    fc.assert(
      fc.property(document, fc.dictionary(field, value, { minKeys: 1, maxKeys: 4 }), (given, changes) => {
        const bytes = writeDocument(given);
        const { sets, apply } = parseUpdate({ $set: changes }, { conditions: [] });
        if (sets === undefined) throw new Error('it is not seen that whole fields are set');
        const { document: after } = apply(readDocument(bytes), { inserting: false, now: new Date(0) });
        expect(replaceFields(bytes, sets.names, sets.elements)).toEqual(writeDocument(after));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('whether the bytes of a document are well formed', () => {
  test('they are when the driver wrote them', () => {
    fc.assert(fc.property(document, (given) => assertWellFormed(writeDocument(given))));
  });

  test.each<[string, (bytes: Buffer) => void]>([
    ['a wrong length', (bytes) => bytes.writeInt32LE(bytes.length - 1, 0)],
    ['no end', (bytes) => bytes.fill(1, bytes.length - 1)],
    ['a type that there is not', (bytes) => bytes.fill(0x20, 4, 5)],
    ['an embedded document that is longer than the whole', (bytes) => bytes.writeInt32LE(1000, 7)],
    ['a text that is longer than its document', (bytes) => bytes.writeInt32LE(9, 14)],
    ['a text of no length', (bytes) => bytes.writeInt32LE(0, 14)],
    ['a text without an end', (bytes) => bytes.fill(1, 20, 21)],
    ['a text that is not UTF-8', (bytes) => bytes.fill(0xff, 18, 19)],
  ])('not with %s', (_, spoil) => {
    const bytes = Buffer.from(serialize({ a: { b: 'cd' }, e: true }));
    assertWellFormed(bytes);
    spoil(bytes);
    expect(() => readDocument(bytes)).toThrow();
    expect(() => assertWellFormed(bytes)).toThrow('malformed BSON');
  });
});
