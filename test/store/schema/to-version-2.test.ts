import type { Document } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderLines } from '../../../sandbox/slack/render/render-message.ts';
import { createDeliveryStore } from '../../../src/store/deliveries/store.ts';
import { migrate, repairLateWrites } from '../../../src/store/schema/migrate.ts';
import { customersIn, eventOf } from '../../support/named-events.ts';
import { changeRules, startTestApp, type TestApp } from '../../support/test-app.ts';

/** The app that left something in the database, and that is gone. */
let before: TestApp;
beforeAll(async () => {
  before = await startTestApp();
  await before.connect('#customer-health', 'acct_demo');
  await before.connect('#billing-alerts', 'acct_demo');
});
afterAll(() => before.close());

/** Makes of what is in the database what version 1 would have written. */
async function toVersion1({ db }: TestApp): Promise<void> {
  const [deliveries, channels] = [db.collection('deliveries'), db.collection('channels')];
  await deliveries.updateMany({}, [
    { $set: { digestId: null } },
    { $unset: ['accountId', 'digest', 'rulesEpoch', 'ref', 'acknowledgedBy', 'acknowledgedAt'] },
  ]);
  await channels.updateMany({}, [
    { $unset: ['version', 'rulesEpoch', 'needsReevaluation', 'brokenAt', 'servesSince', 'expiresAt'] },
  ]);
  await db.collection('meta').deleteMany({});
  for (const name of ['held', 'failed', 'openings', 'sent'].map((each) => `${each}_of_account`))
    await deliveries.dropIndex(name);
  await deliveries.dropIndex('ref');
  await deliveries.createIndexes([
    { name: 'held', key: { state: 1, channelId: 1 }, partialFilterExpression: { state: 'held' } },
    { name: 'failed', key: { state: 1, finishedAt: -1 }, partialFilterExpression: { state: 'failed' } },
  ]);
}

const stateOf = async (name: string) =>
  (
    await before.db
      .collection('deliveries')
      .find({ eventKey: `["acct_demo","evt_${name}"]` })
      .toArray()
  )
    .map(({ state }) => String(state))
    .sort();

test('what version 1 left waiting arrives, what it held comes as a digest, and its channels can be changed', async () => {
  const { slack, perly } = before;
  slack.failWebhook('#customer-health', { error: 'no_service' });
  slack.failWebhook('#billing-alerts', { status: 429, retryAfter: 60 });
  await perly.post(eventOf('One'));
  await expect.poll(() => stateOf('One')).toEqual(['held', 'pending']);
  await before.app.stop();
  await toVersion1(before);
  slack.clearFaults();

  const after = await startTestApp({ beside: before });
  await slack.waitForMessages(() => customersIn(slack, '#billing-alerts').length > 0);
  expect(customersIn(slack, '#billing-alerts')).toEqual(['One']);
  expect(customersIn(slack)).toEqual([]);

  const shown = slack.messages('#customer-health').length;
  await after.connect('#customer-health', 'acct_demo');
  await slack.waitForMessages(() => customersIn(slack).length > 0);
  const texts = slack
    .messages('#customer-health')
    .slice(shown)
    .flatMap(({ payload }) => renderLines(payload));
  expect(texts.join('\n')).toContain('1 alert');
  await expect.poll(() => stateOf('One')).toEqual(['sent', 'sent']);

  for (const { _id } of await after.db.collection('channels').find().toArray())
    await changeRules(after, { riskThreshold: 'critical' }, String(_id));
  expect((await after.db.collection('deliveries').indexes()).map(({ name }) => name)).not.toContain('held');
  await after.close();
});

test('what a process of version 1 writes meanwhile is read as it is meant, and mended', async () => {
  const { db } = before;
  const deliveries = db.collection<Document & { _id: string }>('deliveries');
  const [one] = await deliveries.find().toArray();
  if (one === undefined) throw new Error('There is no delivery.');
  const channelId = 'T1:C1';
  const { digest, rulesEpoch, ref, ...rest } = one;
  const older = { ...rest, channelId, finishedAt: null, expiresAt: null };
  await deliveries.insertMany([
    { ...older, _id: 'held', state: 'held', digestId: null, nextAttemptAt: new Date('2046-03-01') },
    { ...older, _id: 'pending', state: 'pending', digestId: null },
    { ...older, _id: 'in a digest', state: 'pending', digestId: 'missed until 2046-01-01T00:00:00.000Z' },
  ]);
  const store = createDeliveryStore(db);
  const read = async () => {
    const found = await store.listByIds(['held', 'pending', 'in a digest']);
    return Object.fromEntries(found.map((delivery) => [delivery._id, delivery.digest]));
  };

  expect(await read()).toEqual({ held: 'broken', pending: null, 'in a digest': null });
  expect(await migrate(db)).toBeUndefined();
  expect(await repairLateWrites(db)).toBe(3);
  expect(await read()).toEqual({ held: 'broken', pending: null, 'in a digest': 'broken' });
  expect(await store.hasHeldDue({ channelId, accountId: 'acct_demo' }, new Date())).toBe(true);
  expect(await repairLateWrites(db)).toBe(0);
});
