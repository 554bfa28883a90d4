import { test } from 'vitest';
import { compareEngines } from './support/compare-engines.ts';
import { openEmbeddedDatabase } from './support/open-embedded-database.ts';
import { openTestDatabase } from './support/open-test-database.ts';

// Uses the engine of MONGODB_URI if set; otherwise a second embedded database with indexes, which must change
// nothing.
test('random commands have the same results on the embedded database and on the engine under test', async () => {
  const embedded = await openEmbeddedDatabase();
  const other = await openTestDatabase();
  await embedded.db.collection('items').createIndexes([{ key: { b: 1 } }, { key: { c: -1 } }]);
  await compareEngines(embedded.db, other.db, 60, 2);
  await other.close();
  await embedded.close();
});
