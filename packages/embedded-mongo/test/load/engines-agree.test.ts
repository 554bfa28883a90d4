import { expect, test } from 'vitest';
import { compareEngines } from '../support/compare-engines.ts';
import { openEmbeddedDatabase } from '../support/open-embedded-database.ts';
import { openTestDatabase } from '../support/open-test-database.ts';

const total = Number(process.env.RANDOM_COMMANDS ?? 10_000);
/** Concurrently, since most of it is waiting. */
const streams = 4;

test('random commands have the same results on the embedded database and on the engine under test', {
  timeout: 3_600_000,
}, async () => {
  const compared = Array.from({ length: streams }, async () => {
    const embedded = await openEmbeddedDatabase();
    const other = await openTestDatabase();
    await compareEngines(embedded.db, other.db, total / streams);
    await other.close();
    await embedded.close();
    return total / streams;
  });
  expect(await Promise.all(compared)).toHaveLength(streams);
});
