import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { setupDeletion, team } from './setup-deletion.ts';

const fixture = setupDeletion();

test('the table of docs/privacy.md says of every collection what it holds, and when it is deleted', async () => {
  const document = readFileSync(new URL('../../../docs/privacy.md', import.meta.url), 'utf8');
  const listed = [...document.matchAll(/^\| `(\w+)` \|.+\|.+\|$/gm)].map(([, name]) => name);
  const collections = (await fixture.running.db.collections()).map(({ collectionName }) => collectionName);
  expect(collections.filter((name) => !listed.includes(name))).toEqual([]);
});

test('a disconnected channel keeps no user id', async () => {
  const [left] = await fixture.running.db
    .collection('channels')
    .find({ slackChannelId: 'C0BILLING01', teamId: team })
    .toArray();
  expect(left).toMatchObject({ status: 'disconnected', name: '#billing-alerts' });
  expect(JSON.stringify(left)).not.toContain('U0');
});
