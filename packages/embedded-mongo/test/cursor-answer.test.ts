import { deserialize, Long, serialize } from 'bson';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cursorAnswer } from '../src/wire/raw-bson.ts';

test('an answer around the bytes of documents is what it is when all of it is serialized', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 48 - 1 }),
      fc.string(),
      fc.constantFrom<'firstBatch' | 'nextBatch'>('firstBatch', 'nextBatch'),
      fc.array(fc.dictionary(fc.constantFrom('a', 'b'), fc.integer()), { maxLength: 120 }),
      (id, ns, name, documents) => {
        const answer = cursorAnswer(
          { id, ns },
          name,
          documents.map((document) => serialize(document)),
        );
        const cursor = { id: Long.fromNumber(id), ns, [name]: documents };
        expect(answer).toEqual(Buffer.from(serialize({ cursor, ok: 1 })));
        expect(deserialize(answer)).toMatchObject({ ok: 1 });
      },
    ),
  );
});
