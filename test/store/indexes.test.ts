import { expect, test } from 'vitest';
import { setupDatabase } from '../support/setup-database.ts';

const database = setupDatabase();

// MongoDB before 5.0 refuses them, even if their partial filters differ (https://www.mongodb.com/docs/manual/core/index-partial/).
test('no two indexes of a collection have the same keys', async () => {
  const collections = await database.db.listCollections({}, { nameOnly: true }).toArray();
  const keys: string[] = [];
  for (const { name } of collections)
    for (const { key } of await database.db.collection(name).indexes())
      keys.push(`${name} ${JSON.stringify(key)}`);
  expect(keys.length).toBeGreaterThan(50);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});
