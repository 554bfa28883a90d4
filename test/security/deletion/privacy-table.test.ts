import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { setupDeletion } from './world.ts';

const world = setupDeletion();

test('the table of docs/privacy.md says of every collection what it holds, and when it is deleted', async () => {
  const document = readFileSync(new URL('../../../docs/privacy.md', import.meta.url), 'utf8');
  const told = [...document.matchAll(/^\| `(\w+)` \|.+\|.+\|$/gm)].map(([, name]) => name);
  await world.live();
  const collections = (await world.running.db.collections()).map(({ collectionName }) => collectionName);
  expect(collections.filter((name) => !told.includes(name))).toEqual([]);
});
