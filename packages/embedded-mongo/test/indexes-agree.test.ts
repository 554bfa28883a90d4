import { expect, test } from 'vitest';
import { checkIndexesAgree } from './support/check-indexes-agree.ts';
import { openEmbeddedDatabase } from './support/open-embedded-database.ts';

test('an index never changes a result, after any changes', async () => {
  const database = await openEmbeddedDatabase();
  await expect(checkIndexesAgree(database.db, 8)).resolves.toBeUndefined();
  await database.close();
});
