import {
  Binary,
  BSON,
  BSONRegExp,
  Code,
  type Collection,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { setupCollections } from './support/setup-collections.ts';

const collections = setupCollections();
let items: Collection<Document>;

beforeEach(() => {
  items = collections.create();
});

const everything = (): Document => ({
  _id: new ObjectId(),
  int: new Int32(5),
  double: new Double(5),
  fraction: new Double(0.1),
  negativeZero: new Double(-0),
  long: Long.fromNumber(5),
  hugeLong: Long.fromString('9223372036854775807'),
  decimal: Decimal128.fromString('1.10'),
  text: 'Grüße, 世界 🎉',
  empty: '',
  yes: true,
  no: false,
  nothing: null,
  date: new Date('2026-11-23T12:00:00.123Z'),
  early: new Date('1901-01-01T00:00:00Z'),
  id: new ObjectId(),
  binary: new Binary(Buffer.from([0, 1, 255])),
  uuid: new UUID().toBinary(),
  pattern: new BSONRegExp('^a.*b$', 'im'),
  timestamp: new Timestamp({ t: 5, i: 6 }),
  code: new Code('return 1'),
  min: new MinKey(),
  max: new MaxKey(),
  nested: { list: [new Double(1), new Int32(1), Long.fromNumber(1), [null, {}]], '': 'no name' },
});

/** A pattern matches texts; the embedded database stores the others, but does not compare them. */
const notCompared = new Set(['pattern', 'decimal', 'code', 'binary', 'uuid', 'timestamp', 'min', 'max']);

const raw = { promoteValues: false, bsonRegExp: true } as const;
const bytesOf = (document: Document | null) => Buffer.from(BSON.serialize(document ?? {})).toString('hex');

describe('every type is returned as it was stored', () => {
  test('after an insert', async () => {
    const document = everything();
    await items.insertOne(document);
    expect(bytesOf(await items.findOne({}, raw))).toBe(bytesOf(document));
  });

  test('after an update of another field', async () => {
    const document = everything();
    await items.insertOne(document);
    await items.updateOne({}, { $set: { added: new Double(1) } });
    expect(bytesOf(await items.findOne({}, raw))).toBe(bytesOf({ ...document, added: new Double(1) }));
  });

  test('after an update by a pipeline', async () => {
    const { pattern: _pattern, code: _code, ...document } = everything();
    await items.insertOne(document);
    await items.updateOne({}, [{ $set: { added: { $concat: ['$text', '!'] } } }]);
    const found = await items.findOne({}, raw);
    expect(bytesOf(found)).toBe(bytesOf({ ...document, added: `${document.text}!` }));
  });

  test('through a projection', async () => {
    const document = everything();
    await items.insertOne(document);
    const found = await items.findOne({}, { ...raw, projection: { double: 1, 'nested.list': 1 } });
    expect(bytesOf(found)).toBe(
      bytesOf({ _id: document._id, double: document.double, nested: { list: document.nested.list } }),
    );
  });

  test('a missing field stays missing, null stays null', async () => {
    await items.insertOne({ _id: 1 as never, a: null });
    await items.updateOne({}, { $set: { b: 1 } });
    const found = await items.findOne();
    expect(found).toEqual({ _id: 1, a: null, b: 1 });
    expect('c' in (found ?? {})).toBe(false);
  });
});

describe('values of every type that is compared are found by themselves, with and without an index', () => {
  test.each(Object.entries(everything()).filter(([name]) => !notCompared.has(name)))(
    '%s',
    async (_, value) => {
      await items.insertMany([{ v: value }, { v: 'something else' }]);
      expect(await items.countDocuments({ v: value })).toBe(1);
      await items.createIndex({ v: 1 });
      expect(await items.countDocuments({ v: value })).toBe(1);
      expect(await items.countDocuments({ v: { $in: [value] } })).toBe(1);
    },
  );

  test('ObjectIds in a range', async () => {
    const ids = ['000000000000000000000001', '7fffffffffffffffffffffff', 'ffffffffffffffffffffffff'].map(
      (hex) => new ObjectId(hex),
    );
    await items.insertMany(ids.map((_id) => ({ _id })));
    const found = await items
      .find({ _id: { $gt: ids[0] as ObjectId } })
      .sort({ _id: 1 })
      .toArray();
    expect(found.map(({ _id }) => String(_id))).toEqual(ids.slice(1).map(String));
  });

  test('longs that a double cannot distinguish', async () => {
    const values = ['9007199254740992', '9007199254740993', '-9007199254740993', '9223372036854775807'];
    await items.createIndex({ v: 1 }, { unique: true });
    await items.insertMany(values.map((v) => ({ v: Long.fromString(v) })));
    for (const value of values) expect(await items.countDocuments({ v: Long.fromString(value) })).toBe(1);
    const above = await items.find(
      { v: { $gt: Long.fromString('9007199254740992') } },
      { promoteLongs: false },
    );
    expect((await above.sort({ v: 1 }).toArray()).map(({ v }) => String(v))).toEqual([
      '9007199254740993',
      '9223372036854775807',
    ]);
  });
});

describe('arithmetic keeps types', () => {
  test.each([
    ['int and int', new Int32(1), new Int32(2), new Int32(3)],
    ['int and double', new Int32(1), new Double(0.5), new Double(1.5)],
    ['double and int', new Double(1), new Int32(1), new Double(2)],
    ['long and int', Long.fromNumber(1), new Int32(1), Long.fromNumber(2)],
    ['int beyond 32 bits', new Int32(2_147_483_647), new Int32(1), Long.fromNumber(2_147_483_648)],
  ])('%s', async (_, value, amount, expected) => {
    await items.insertOne({ v: value });
    await items.updateOne({}, { $inc: { v: amount } });
    const found = await items.findOne({}, { ...raw, projection: { _id: 0 } });
    expect(bytesOf(found)).toBe(bytesOf({ v: expected }));
  });
});
