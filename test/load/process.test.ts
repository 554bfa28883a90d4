import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { builtScript, startAppProcess } from '../support/app-process.ts';
import { customersIn, eventOf } from '../support/named-events.ts';
import { setupProcesses } from '../support/setup-processes.ts';

const fixture = setupProcesses({ answerTimeoutMs: 60_000 });

const customers = () => customersIn(fixture.slack);

describe('the process', () => {
  test('killed between the 202 and the POST, and restarted: the alert arrives', async () => {
    const first = await startAppProcess(fixture.env);
    await fixture.slack.install(await fixture.perly.installUrl('acct_demo'), { channel: '#customer-health' });
    // Slack neither answers nor accepts this one request, nor accepts it again should its answer be given up.
    const busy = fixture.slack.failWebhook('#customer-health', { hang: 'before' }, 1);
    const outage = fixture.slack.failWebhook('#customer-health', { status: 503 });
    const asked = busy.nextHit();
    expect((await fixture.perly.post(eventOf('One'))).status).toBe(202);
    await asked;
    expect((await fixture.perly.post(eventOf('Two'))).status).toBe(202);
    await first.kill();
    expect(customers()).toEqual([]);
    outage.release();

    // On a shared database, the lease of the dead process has to expire first.
    const second = await startAppProcess(fixture.env);
    await fixture.slack.waitForMessages(() => customers().length >= 2);
    expect(customers()).toEqual(['One', 'Two']);
    expect(await second.terminate()).toBe(0);
  });

  test('told to stop while it posts, it waits for the answer and exits with 0', async () => {
    const first = await startAppProcess(fixture.env);
    await fixture.slack.install(await fixture.perly.installUrl('acct_demo'), { channel: '#customer-health' });
    const slow = fixture.slack.failWebhook('#customer-health', { delay: 500 });
    const asked = slow.nextHit();
    await fixture.perly.post(eventOf('One'));
    await asked;
    expect(await first.terminate()).toBe(0);
    expect(customers()).toEqual(['One']);

    const second = await startAppProcess(fixture.env);
    await fixture.perly.post(eventOf('Two'));
    await fixture.slack.waitForMessages(() => customers().includes('Two'));
    expect(customers()).toEqual(['One', 'Two']);
    await second.terminate();
  });

  test('told to stop, it says so and keeps serving for as long as a load balancer may need', async () => {
    const running = await startAppProcess({ ...fixture.env, STOP_GRACE_SECONDS: '60' });
    const readiness = async () => (await fetch(`${fixture.env.APP_URL}/readyz`)).status;
    expect(await readiness()).toBe(200);
    running.signal();
    await expect.poll(readiness).toBe(503);
    expect((await fixture.perly.post(eventOf('One'))).status).toBe(202);
    expect(await running.terminate()).toBe(1);
  });

  test('told to stop twice, it waits for nothing', async () => {
    const running = await startAppProcess(fixture.env);
    await fixture.slack.install(await fixture.perly.installUrl('acct_demo'), { channel: '#customer-health' });
    const stuck = fixture.slack.failWebhook('#customer-health', { hang: 'before' });
    const asked = stuck.nextHit();
    await fixture.perly.post(eventOf('One'));
    await asked;
    running.signal();
    await expect.poll(() => running.output()).toContain('"stopping"');
    expect(await running.terminate()).toBe(1);
  });

  test('operators can list, show and retry failed deliveries', async () => {
    const first = await startAppProcess(fixture.env);
    await fixture.slack.install(await fixture.perly.installUrl('acct_demo'), { channel: '#customer-health' });
    fixture.slack.failWebhook('#customer-health', { error: 'invalid_payload' }, 2);
    await fixture.perly.post(eventOf('One'));
    const state = async () => {
      const answer = await fixture.perly.eventStatus('acct_demo', 'evt_One');
      const { channels } = (await answer.json()) as { channels: { delivery: { state: string } }[] };
      return channels[0]?.delivery.state;
    };
    await expect.poll(state).toBe('failed');
    await first.terminate();

    const tool = (...args: string[]) =>
      spawnSync(process.execPath, [builtScript('deliveries'), ...args], {
        env: { PATH: process.env.PATH, ...fixture.env },
        encoding: 'utf8',
      });
    const { stdout: list } = tool('list');
    expect(list).toMatch(/last error: invalid_payload$/m);
    const id = /'(.*)'/.exec(list)?.[1] ?? '';
    expect(JSON.parse(tool('show', id).stdout)).toMatchObject({ event: { customer: { name: 'One' } } });
    expect(tool('retry', id).stdout).toContain('One alert is pending again');
    expect(tool('list').stdout).toContain('No delivery has failed.');
    expect(tool('retry', id).stdout).toContain('Nothing to retry');
    expect(tool('show', 'nothing')).toMatchObject({ status: 1, stderr: 'There is no such delivery.\n' });

    const second = await startAppProcess(fixture.env);
    await fixture.slack.waitForMessages(() => customers().includes('One'));
    await second.terminate();
  });

  test('does not start with a wrong configuration, and says what is wrong, without any value', () => {
    const { status, stderr } = spawnSync(process.execPath, [builtScript('main')], {
      env: { PATH: process.env.PATH, ...fixture.env, APP_SECRETS: 'hunter2', PORT: 'x' },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('The configuration has 2 errors');
    expect(stderr).not.toContain('hunter2');
  });
});
