import { test } from 'vitest';
import { compareEngines } from '../support/compare-engines.ts';
import { openEmbeddedDatabase } from '../support/open-embedded-database.ts';
import { openTestDatabase } from '../support/open-test-database.ts';

test('10,000 random commands do the same on the embedded database and on the engine of the run', async () => {
  const embedded = await openEmbeddedDatabase();
  const other = await openTestDatabase();
  await compareEngines(embedded.db, other.db, 10_000);
  await other.close();
  await embedded.close();
});
