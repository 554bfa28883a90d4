import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findFreePort, localEnvironment } from '../sandbox/local-environment.ts';
import { createPerlyClient, type PerlyClient } from '../sandbox/perly/client.ts';
import { type LocalSlack, startLocalSlack } from '../sandbox/slack/local-slack.ts';
import { renderLines } from '../sandbox/slack/render/render-message.ts';
import { createLastingDatabase, type LastingDatabase, startAppProcess } from './support/app-process.ts';
import { sampleEvent } from './support/sample-events.ts';

let slack: LocalSlack;
let database: LastingDatabase;
let env: Record<string, string>;
let perly: PerlyClient;
beforeEach(async () => {
  slack = await startLocalSlack();
  database = await createLastingDatabase();
  env = { ...localEnvironment(await findFreePort(), slack), ...database.env };
  perly = createPerlyClient(env.APP_URL ?? '', env.PERLY_SECRETS ?? '');
});
afterEach(async () => {
  await slack.close();
  await database.remove();
});

/** The customers whose alerts are in the channel, in order. */
function customers(): string[] {
  return slack
    .messages('#customer-health')
    .flatMap(({ payload }) => renderLines(payload))
    .flatMap((line) => /^(\w+) — /.exec(line)?.[1] ?? []);
}

function eventOf(name: string) {
  const seed = sampleEvent('seed-example');
  return { ...seed, id: `evt_${name}`, customer: { ...seed.customer, name } };
}

describe('the process', () => {
  test('killed between the 202 and the POST, and started again: the alert arrives', async () => {
    const first = await startAppProcess(env);
    await slack.install(await perly.installUrl('acct_demo'), { channel: '#customer-health' });
    // Slack asks to wait for a minute: what is recorded from here on is not posted.
    const busy = slack.failWebhook('#customer-health', { status: 429, retryAfter: 60 });
    const asked = busy.nextHit();
    expect((await perly.post(eventOf('One'))).status).toBe(202);
    await asked;
    expect((await perly.post(eventOf('Two'))).status).toBe(202);
    await first.kill();
    slack.clearFaults();
    expect(customers()).toEqual([]);

    const second = await startAppProcess(env);
    await slack.waitForMessages(() => customers().length >= 2);
    expect(customers()).toEqual(['One', 'Two']);
    expect(await second.terminate()).toBe(0);
  });

  test('asked to end while it posts, it waits for the answer and exits with 0', async () => {
    const first = await startAppProcess(env);
    await slack.install(await perly.installUrl('acct_demo'), { channel: '#customer-health' });
    const slow = slack.failWebhook('#customer-health', { delay: 500 });
    const asked = slow.nextHit();
    await perly.post(eventOf('One'));
    await asked;
    expect(await first.terminate()).toBe(0);
    expect(customers()).toEqual(['One']);

    const second = await startAppProcess(env);
    await perly.post(eventOf('Two'));
    await slack.waitForMessages(() => customers().includes('Two'));
    expect(customers()).toEqual(['One', 'Two']);
    await second.terminate();
  });

  test('does not start with a wrong configuration, and says what is wrong, without any value', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
      env: { PATH: process.env.PATH, ...env, APP_SECRETS: 'hunter2', PORT: 'x' },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('The configuration has 2 faults');
    expect(stderr).not.toContain('hunter2');
  });
});
