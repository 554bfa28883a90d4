import { MongoClient, MongoNetworkError } from 'mongodb';
import { afterEach, expect, test, vi } from 'vitest';
import { hasBulkWrite } from '../support/has-bulk-write.ts';
import { customersIn, eventOf } from '../support/named-events.ts';
import { setupApp } from '../support/setup-app.ts';
import { changeRules } from '../support/test-app.ts';

const app = setupApp();
afterEach(() => vi.restoreAllMocks());

const channels = ['#customer-health', '#general'];
const names = ['One', 'Two', 'Three'];

/** The database does the first so many writes of the next bulk write, and its answer is lost. */
function cutNextBulkWrite(done: number): () => boolean {
  const { bulkWrite } = MongoClient.prototype;
  let wasCut = false;
  vi.spyOn(MongoClient.prototype, 'bulkWrite').mockImplementation(async function (
    this: MongoClient,
    models,
    options,
  ) {
    if (wasCut) return bulkWrite.call(this, models, options);
    wasCut = true;
    if (done > 0) await bulkWrite.call(this, models.slice(0, done), options);
    throw new MongoNetworkError('the connection is gone');
  });
  return () => wasCut;
}

// Three events and a delivery to each channel for each.
test.runIf(hasBulkWrite).each(Array.from({ length: 10 }, (_, done) => done))(
  'after %i of 9 documents were recorded, the same events posted again arrive once and in order',
  async (done) => {
    const { running } = app;
    for (const channel of channels) await running.seedChannel(channel, 'acct_demo');
    const wasCut = cutNextBulkWrite(done);
    const events = names.map(eventOf);

    expect((await running.perly.post({ events })).status).toBe(503);
    expect(wasCut()).toBe(true);
    const repeated = await running.perly.post({ events });
    const recorded = Math.min(done, events.length);
    expect(await repeated.json()).toMatchObject({
      accepted: events.length - recorded,
      duplicates: recorded,
    });
    await expect
      .poll(() => running.db.collection('deliveries').countDocuments({ state: 'sent' }))
      .toBe(names.length * channels.length);
    for (const channel of channels) expect(customersIn(running.slack, channel)).toEqual(names);
  },
);

test('what is posted again is completed by its first decision, also if the rules want nothing of it now', async () => {
  const { running } = app;
  await running.seedChannel('#customer-health', 'acct_demo');
  const event = eventOf('One');
  await running.perly.post(event);
  const { db } = running;
  await expect.poll(() => db.collection('deliveries').countDocuments({ state: 'sent' })).toBe(1);
  // As if the process had died before it recorded the delivery.
  await db.collection('deliveries').deleteMany({});
  await changeRules(running, { riskThreshold: 'critical' });

  expect(await (await running.perly.post(event)).json()).toMatchObject({ duplicates: 1 });
  expect(await db.collection('deliveries').countDocuments({})).toBe(1);
});
