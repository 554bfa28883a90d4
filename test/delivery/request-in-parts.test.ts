import { EventEmitter, once } from 'node:events';
import { Collection, MongoNetworkError } from 'mongodb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectChannels, createWebhook } from '../../sandbox/connect-channels.ts';
import { defaultTeam } from '../../sandbox/slack/seed.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { customersIn, eventOf } from '../support/named-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

/** More than are recorded at once of one account, so that the last ones are recorded after the first. */
const count = 600;

/** Only the first one is sent. */
const events = Array.from({ length: count }, (_, index) => ({
  ...eventOf(`Big${index}`),
  account_id: 'acct_big',
  risk_level: index === 0 ? 'critical' : 'low',
}));

let running: TestApp;
beforeEach(async () => {
  running = await startTestApp();
  const { slack, db, config } = running;
  // Without a first message, after which a channel stays in service for a moment.
  await connectChannels({ db, appSecrets: config.appSecrets }, [
    { ...channelOf('C0HEALTH001', 'acct_big'), rules: { ...defaultRules, riskThreshold: 'critical' } },
    { ...channelOf('C0ESCALATE1', 'acct_other'), rules: defaultRules },
  ]);

  function channelOf(id: string, accountId: string) {
    const teamId = defaultTeam.id;
    return { id, teamId, accountId, name: id, webhookUrl: createWebhook(slack, { id, teamId }) };
  }
});
afterEach(async () => {
  vi.restoreAllMocks();
  await running.close();
});

function onLastPart(before: () => Promise<void>): void {
  const { insertMany } = Collection.prototype;
  vi.spyOn(Collection.prototype, 'insertMany').mockImplementation(async function (
    this: Collection,
    documents,
    options,
  ) {
    const isLast = documents.some(({ eventId }) => eventId === `evt_Big${count - 1}`);
    if (isLast && this.collectionName === 'events') await before();
    return insertMany.call(this, documents, options);
  });
}

const arrives = (customer: string, channel: string) =>
  expect.poll(() => customersIn(running.slack, channel)).toEqual([customer]);

test('an alert of a large request is sent after the whole request is recorded', async () => {
  const { perly, db, slack } = running;
  const steps = new EventEmitter();
  const lastPart = once(steps, 'last part');
  const goOn = once(steps, 'go on');
  onLastPart(async () => {
    steps.emit('last part');
    await goOn;
  });

  const posted = perly.post({ events });
  await lastPart;
  expect(await db.collection('deliveries').countDocuments({ state: 'pending' })).toBe(1);
  await perly.post({ ...eventOf('Other'), account_id: 'acct_other' });
  await arrives('Other', '#cs-escalations');
  expect(customersIn(slack, '#customer-health')).toEqual([]);

  steps.emit('go on');
  expect(await (await posted).json()).toMatchObject({ accepted: count });
  await arrives('Big0', '#customer-health');
});

test('a large request that is partly recorded gets 503, its first alerts are sent, and a repeat completes it', async () => {
  const { perly } = running;
  onLastPart(() => Promise.reject(new MongoNetworkError('the database is away')));

  const refused = await perly.post({ events });
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({
    detail: 'The request may have been partly carried out. Send all of it again.',
  });
  await arrives('Big0', '#customer-health');

  vi.restoreAllMocks();
  expect(await (await perly.post({ events })).json()).toMatchObject({ accepted: 100, duplicates: 500 });
});
