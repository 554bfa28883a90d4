import type { CommandStartedEvent } from 'mongodb';
import { expect, onTestFinished, test } from 'vitest';
import { sampleEvent } from '../support/sample-events.ts';
import { shortPaceMs, startTestApp } from '../support/test-app.ts';

const channels = ['#customer-health', '#general', '#revenue-signals'];

/**
 * Posts an alert for each channel, twice, and each when the one before is in Slack, so that none shares a command with
 * another.
 * @param shared whether other processes may use the database
 * @returns the commands of the second round, sorted
 */
async function listCommands(shared: boolean): Promise<string[]> {
  const running = await startTestApp({ paceMs: shortPaceMs, shared, slack: { enforceRate: false } });
  onTestFinished(() => running.close());
  for (const channel of channels) await running.connect(channel, `acct_${channel}`);

  async function postToEach(id: string): Promise<void> {
    for (const channel of channels) {
      const before = running.slack.messages().length;
      await running.perly.post({ ...sampleEvent('seed-example'), id, account_id: `acct_${channel}` });
      await running.slack.waitForMessages(before + 1);
    }
  }

  await postToEach('evt_first');
  const sent = () => running.db.collection('deliveries').countDocuments({ state: 'sent' });
  await expect.poll(sent).toBe(channels.length);
  await expect.poll(() => running.db.collection('leases').countDocuments()).toBe(0);
  const commands: string[] = [];
  function note({ commandName, command, databaseName }: CommandStartedEvent): void {
    const collection = command[commandName];
    // A heartbeat looks for abandoned leases every five seconds.
    const isHeartbeat = commandName === 'aggregate' && collection === 'leases';
    if (databaseName === running.db.databaseName && !isHeartbeat)
      commands.push(`${commandName} ${collection}`);
  }
  running.db.client.on('commandStarted', note);
  await postToEach('evt_second');
  // This awaits everything that is in progress.
  await running.app.stop();
  running.db.client.off('commandStarted', note);
  return commands.sort();
}

const each = (command: string) => channels.map(() => command);

test.runIf(process.env.MONGODB_URI === undefined)(
  'an alert of a process that is alone on its database takes three commands',
  async () => {
    expect(await listCommands(false)).toEqual([
      ...each('insert deliveries'),
      ...each('insert events'),
      ...each('update deliveries'),
    ]);
  },
);
