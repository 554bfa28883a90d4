import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectChannels, createWebhook } from '../../sandbox/connect-channels.ts';
import type { ArmedFault } from '../../sandbox/slack/faults.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { eventOf } from '../support/named-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const hangingIds = Array.from({ length: 130 }, (_, index) => `C0HANGING${index}`);
const otherIds = Array.from({ length: 20 }, (_, index) => `C0OTHER${index}`);

let running: TestApp;
beforeEach(async () => {
  running = await startTestApp({ slack: { enforceRate: false } });
});
afterEach(() => running.close());

async function connectWorkspace(teamId: string, accountId: string, ids: readonly string[]): Promise<void> {
  const { slack, db, config } = running;
  slack.addTeam({
    id: teamId,
    name: teamId,
    domain: teamId.toLowerCase(),
    users: [],
    channels: ids.map((id) => ({ id, name: id.toLowerCase() })),
  });
  const channels = ids.map((id) => ({
    id,
    teamId,
    name: id.toLowerCase(),
    accountId,
    webhookUrl: createWebhook(slack, { id, teamId }),
    rules: defaultRules,
  }));
  await connectChannels({ db, appSecrets: config.appSecrets }, channels);
}

test('while all 130 webhooks of a workspace hang, another account’s alerts arrive', async () => {
  const { slack, perly, config } = running;
  await connectWorkspace('T0HANGING', 'acct_hanging', hangingIds);
  await connectWorkspace('T0OTHER', 'acct_other', otherIds);
  const faults: ArmedFault[] = hangingIds.map((id) => slack.failWebhook(id, { hang: 'before' }));
  const asked = () => faults.reduce((sum, { hits }) => sum + hits, 0);
  // Logged as soon as a slot is free again, before another message can use it.
  const timedOut = () => running.logs.filter((line) => line.includes('"error":"timeout"')).length;
  const share = config.slack.maxRequestsInFlight / 2;

  await perly.post({ ...eventOf('Hanging'), account_id: 'acct_hanging' });
  await expect.poll(asked).toBeGreaterThanOrEqual(share);
  for (let sent = 0; sent < 5; sent++) {
    await perly.post({ ...eventOf(`Other${sent}`), account_id: 'acct_other' });
    await slack.waitForMessages(otherIds.length * (sent + 1));
    expect(asked() - timedOut()).toBeLessThanOrEqual(share);
  }
  expect(slack.messages().every(({ teamId }) => teamId === 'T0OTHER')).toBe(true);

  for (const fault of faults) fault.release();
  await slack.waitForMessages(otherIds.length * 5 + hangingIds.length);
});
