import { describe, expect, test } from 'vitest';
import { createClockScheduler } from '../../sandbox/clock-scheduler.ts';
import { hourMs, minuteMs } from '../../src/lib/time.ts';
import { createLogger } from '../../src/ops/log.ts';
import { setupInstallationChecks, teams } from '../support/setup-installation-checks.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const fixture = setupInstallationChecks();
const { clock, advance, logs, installations, count, findNextCheck, advanceThroughChecks, installIn } =
  fixture;

/** Calls of `auth.test` by these processes. */
const countAuthTests = (...others: TestApp[]) =>
  [logs(), ...others.map((other) => other.logs)]
    .flat()
    .filter((line) => line.includes("apiCall('auth.test') start")).length;

const install = () => fixture.running.seedChannel('#customer-health', 'acct_demo');

/** Removes the app without sending its events. */
async function removeUnseen(): Promise<void> {
  for (const installation of fixture.running.slack.installations) installation.active = false;
}

/** Makes every check due, and begins it. */
async function beginChecks(): Promise<void> {
  await installations().updateMany({}, { $set: { nextCheckAt: clock.now() } });
  await advance(minuteMs);
}

/** Whether no check waits for a process. One that a process has begun is due again in a quarter of an hour. */
const isClaimed = async () => (await count({ nextCheckAt: { $lte: clock.now() } })) === 0;

const isRemoved = async () => (await count()) === 0;

describe('the daily check of an installation', () => {
  test('happens once a day, and changes nothing that works', async () => {
    await install();
    for (const runDay of [1, 2, 3]) {
      await advanceThroughChecks(24 * hourMs);
      expect(countAuthTests()).toBeGreaterThanOrEqual(runDay - 1);
      expect(countAuthTests()).toBeLessThanOrEqual(runDay + 1);
    }
    expect(await count()).toBe(1);
  });

  test('notices a removal whose events were lost', async () => {
    await install();
    await removeUnseen();
    await advanceThroughChecks(25 * hourMs);
    await expect.poll(isRemoved).toBe(true);
    expect(await fixture.running.db.collection('channels').countDocuments({ status: 'active' })).toBe(0);
    expect(
      logs()
        .filter((line) => line.includes('installation removed'))
        .join(''),
    ).toContain('account_inactive');
  });

  test('is spread over the day', async () => {
    for (const id of teams) await installIn(id);
    const checks = (await installations().find().toArray()).map(({ nextCheckAt }) => Number(nextCheckAt));
    const hours = new Set(checks.map((at) => Math.floor((at - clock.now().getTime()) / (3 * hourMs))));
    expect(hours.size).toBeGreaterThan(4);
    expect(Math.min(...checks)).toBeGreaterThanOrEqual(clock.now().getTime() - minuteMs);
    expect(Math.max(...checks)).toBeLessThanOrEqual(clock.now().getTime() + 24 * hourMs);
  });

  test.each([
    ['a limit', { status: 429, retryAfter: 1 }],
    ['an outage', { status: 503 }],
    ['no answer', { reset: 'before' }],
    ['a page of a proxy', { status: 403, body: '<html>invalid_auth</html>' }],
    ['another word', { error: 'ratelimited' }],
    ['an expired token', { error: 'token_expired' }],
  ] as const)('changes nothing permanently because of %s, and is repeated', async (_, fault) => {
    await install();
    const failed = fixture.running.slack.failApi('auth.test', fault);
    await beginChecks();
    await expect.poll(() => logs().join('')).toContain('could not be checked');
    expect(failed.hits).toBeGreaterThan(0);
    expect(await count({ bot: { $exists: true } })).toBe(1);
    fixture.running.slack.clearFaults();
    await removeUnseen();
    await advance((await findNextCheck()) - clock.now().getTime());
    await expect.poll(isRemoved).toBe(true);
  });

  test('is made by one of several processes', async () => {
    await install();
    const others = await Promise.all(
      [1, 2].map(() =>
        startTestApp({
          beside: fixture.running,
          clock,
          scheduler: createClockScheduler({ clock, logger: createLogger({ level: 'silent' }) }),
        }),
      ),
    );
    const isChecked = async () =>
      (await count({ nextCheckAt: { $gt: new Date(clock.now().getTime() + 20 * hourMs) } })) === 1;
    /** Stops the clock once a process has begun the check, since another one repeats it a quarter of an hour later. */
    async function checkNow(): Promise<void> {
      await beginChecks();
      await expect.poll(isClaimed).toBe(true);
      await expect.poll(isChecked).toBe(true);
    }
    await checkNow();
    const before = countAuthTests(...others);
    await checkNow();
    expect(countAuthTests(...others) - before).toBe(1);
    await Promise.all(others.map((other) => other.close()));
  });
});
