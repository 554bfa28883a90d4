import { describe, expect, test } from 'vitest';
import { dependsOnId } from '../src/update/depends-on-id.ts';
import { parseUpdate } from '../src/update/updater.ts';

describe('what a pipeline makes of a document that has nothing but its _id', () => {
  test.each<[string, unknown[]]>([
    ['a value', [{ $set: { a: 1 } }]],
    ['another field', [{ $set: { a: { $ifNull: ['$b', 5] } } }]],
    ['the time', [{ $set: { a: { $add: ['$$NOW', 1000] }, b: { $literal: 'x' } } }]],
    ['a field whose name begins alike', [{ $addFields: { a: '$_identity' } }]],
  ])('is the same for all when it asks for %s', (_, stages) => {
    expect(dependsOnId(stages)).toBe(false);
  });

  test.each<[string, unknown[]]>([
    ['it asks for it', [{ $set: { a: { $concat: ['$_id', 'x'] } } }]],
    ['it asks for a part of it', [{ $set: { a: '$_id.b' } }]],
    ['it asks for the whole document', [{ $set: { a: '$$ROOT' } }]],
    ['it asks for a field by name', [{ $set: { a: { $getField: '_id' } } }]],
    ['it asks for chance', [{ $set: { a: { $rand: {} } } }]],
    ['it sets it', [{ $set: { _id: 1 } }]],
    ['it sets a part of it', [{ $set: { '_id.b': 1 } }]],
    ['a later stage asks for it', [{ $set: { a: 1 } }, { $set: { b: '$_id' } }]],
    ['it replaces the document', [{ $replaceWith: { a: 1 } }]],
    ['it projects', [{ $project: { a: 1 } }]],
  ])('may differ when %s', (_, stages) => {
    expect(dependsOnId(stages)).toBe(true);
  });

  test('is computed anew for each when it may differ, and keeps each its _id when it does not', () => {
    const context = { inserting: true, now: new Date(0) };
    const ids = parseUpdate([{ $set: { twice: { $concat: ['$_id', '$_id'] } } }], { conditions: [] });
    const same = parseUpdate([{ $set: { n: { $add: [1, 1] } } }], { conditions: [] });
    const results = ['a', 'b'].map((_id) => [ids, same].map(({ apply }) => apply({ _id }, context).document));
    expect(results).toEqual([
      [
        { _id: 'a', twice: 'aa' },
        { _id: 'a', n: 2 },
      ],
      [
        { _id: 'b', twice: 'bb' },
        { _id: 'b', n: 2 },
      ],
    ]);
  });
});
