import type { CommandStartedEvent } from 'mongodb';
import { expect, onTestFinished, test } from 'vitest';
import type { Scheduler } from '../../src/delivery/scheduler.ts';
import type { Rules } from '../../src/domain/rules.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { hasBulkWrite } from '../support/has-bulk-write.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { changeRules, startTestApp } from '../support/test-app.ts';

const channels = ['#customer-health', '#general', '#revenue-signals'];

/** However long a command takes, no channel was read too long ago, and no lease is so old that it is renewed. */
const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() / 1000 };

/** Recovery, which is due after a minute, has commands of its own. */
const scheduler: Scheduler = { async start() {}, async planOpening() {}, async stop() {} };

/**
 * Posts one alert per channel, twice, each after the previous one has reached Slack, so that no two share a command.
 * It keeps Slack's pace, since a lease relies on the channel having been read less than that long ago.
 * @returns the commands of the second round, sorted
 */
async function listCommands(shared: boolean, rules?: Partial<Rules>): Promise<string[]> {
  const running = await startTestApp({ shared, monitorCommands: true, clock, scheduler });
  onTestFinished(() => running.close());
  for (const channel of channels) await running.seedChannel(channel, `acct_${channel}`);
  if (rules !== undefined)
    for (const { _id } of await running.db.collection<{ _id: string }>('channels').find().toArray())
      await changeRules(running, rules, _id);

  async function postToEach(id: string): Promise<void> {
    for (const channel of channels) {
      const before = running.slack.messages().length;
      const event = { ...sampleEvent('seed-example'), id, account_id: `acct_${channel}` };
      await running.perly.post({ ...event, customer: { ...event.customer, id } });
      await running.slack.waitForMessages(before + 1);
    }
  }

  await postToEach('evt_first');
  const sent = () => running.db.collection('deliveries').countDocuments({ state: 'sent' });
  await expect.poll(sent).toBe(channels.length);
  await expect.poll(() => running.db.collection('leases').countDocuments()).toBe(0);
  const commands: string[] = [];
  function note({ commandName, command, databaseName }: CommandStartedEvent): void {
    const { databaseName: own } = running.db;
    if (commandName === 'bulkWrite') {
      const names = command.nsInfo.map(({ ns }: { ns: string }) => ns.replace(`${own}.`, ''));
      commands.push(`bulkWrite ${names.join(', ')}`);
      return;
    }
    const collection = command[commandName];
    // A heartbeat looks for abandoned leases every five seconds.
    const isHeartbeat = commandName === 'aggregate' && collection === 'leases';
    if (databaseName === own && !isHeartbeat) commands.push(`${commandName} ${collection}`);
  }
  running.db.client.on('commandStarted', note);
  await postToEach('evt_second');
  // Waits for everything in progress.
  await running.app.stop();
  running.db.client.off('commandStarted', note);
  return commands.sort();
}

/** Fewer where alerts shared a command. */
function expectEach(commands: readonly string[], wanted: readonly string[]): void {
  expect(new Set(commands)).toEqual(new Set(wanted));
  expect(commands.length).toBeLessThanOrEqual(channels.length * wanted.length);
}

const recordTogether = 'bulkWrite events, deliveries';

test.runIf(process.env.MONGODB_URI === undefined)(
  'an alert of a process that is alone on its database takes two commands',
  async () => {
    expectEach(await listCommands(false), [recordTogether, 'update deliveries']);
  },
);

test.runIf(process.env.MONGODB_URI === undefined)(
  'in a channel that limits repeats it takes one more',
  async () => {
    expectEach(await listCommands(false, { repeatAfter: '1_day' }), [
      'find deliveries',
      recordTogether,
      'update deliveries',
    ]);
  },
);

const expectedOfShared = [
  'aggregate channels',
  ...(hasBulkWrite ? [recordTogether] : ['insert events', 'insert deliveries']),
  'update leases',
  'find deliveries',
  'update deliveries',
  'delete leases',
];

test(`one of a process that shares its database takes ${expectedOfShared.length}`, async () => {
  expectEach(await listCommands(true), expectedOfShared);
});

test('and no more in a channel that limits repeats', async () => {
  expectEach(await listCommands(true, { repeatAfter: '1_day' }), expectedOfShared);
});
