import { expect, test } from 'vitest';
import { checkIndexesAgree } from '../store/embedded/check-indexes-agree.ts';
import { openEmbeddedDatabase } from '../store/embedded/open-embedded-database.ts';

test('an index changes no answer, after any changes', async () => {
  const database = await openEmbeddedDatabase();
  await expect(checkIndexesAgree(database.db, 500)).resolves.toBeUndefined();
  await database.close();
});
