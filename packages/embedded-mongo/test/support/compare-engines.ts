import fc from 'fast-check';
import type { Db, Document } from 'mongodb';
import { expect } from 'vitest';
import { command, comparable, documents } from './random-commands.ts';

const raw = { promoteValues: false } as const;

/**
 * Runs random commands on random documents on two engines, and compares answers and documents.
 *
 * @param seed makes the commands the same each time, so that a peculiarity of DocumentDB does not fail a run by chance
 */
export async function compareEngines(first: Db, second: Db, numRuns: number, seed?: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(documents, command, async (rows, request) => {
      const [one, other] = [await run(first, rows, request), await run(second, rows, request)];
      expect(one).toEqual(other);
    }),
    { numRuns, ...(seed !== undefined && { seed }) },
  );
}

async function run(db: Db, rows: readonly Document[], request: Document): Promise<Document> {
  const items = db.collection('items');
  await items.deleteMany({});
  await items.insertMany(rows.map((row, _id) => ({ _id: _id as never, ...row })));
  const answer: Document = await db.command(request, raw).catch((error: unknown) => ({ writeErrors: error }));
  // The engines word refusals differently, and DocumentDB undoes a statement that failed half-way.
  if (answer.writeErrors !== undefined) return { refused: true };
  // Of equal numbers, a group and `distinct` may show either type.
  const relaxed = request.distinct !== undefined || JSON.stringify(request.pipeline ?? []).includes('$group');
  const found: unknown[] = answer.cursor?.firstBatch ?? answer.values ?? [];
  const results = found.map((item) => comparable(item, relaxed));
  const after = (await items.find({}, raw).sort({ _id: 1 }).toArray()).map((item) => comparable(item));
  return { n: Number(answer.n), results: request.find === undefined ? results.sort() : results, after };
}
