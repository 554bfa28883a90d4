import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClockedSchedule } from '../../sandbox/clocked-schedule.ts';
import { createShiftedClock, type ShiftedClock } from '../../sandbox/shifted-clock.ts';
import { createLogger } from '../../src/ops/log.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const teams = Array.from({ length: 8 }, (_, index) => `T0SPREAD00${index}`);

let running: TestApp;
let clock: ShiftedClock;
beforeEach(async () => {
  clock = createShiftedClock();
  let calls = 0;
  running = await startTestApp({
    clock,
    schedule: createClockedSchedule({ clock, logger: createLogger({ level: 'silent' }) }),
    // Any number that is no chance.
    random: () => (calls++ * 0.37) % 1,
  });
});
afterEach(() => running.close());

const installations = () => running.db.collection('installations');
const count = (filter = {}) => installations().countDocuments(filter);
/** How often Slack was asked whether a token works, installs not counted, by these processes. */
const asked = (...apps: TestApp[]) =>
  [running, ...apps].flatMap(({ logs }) => logs).filter((line) => line.includes("apiCall('auth.test') start"))
    .length - installs;
let installs = 0;
beforeEach(() => {
  installs = 0;
});

async function install(): Promise<void> {
  await running.connect('#customer-health', 'acct_demo');
  installs += 1;
}

/** Removes the app without an event that comes through. */
async function removeUnseen(): Promise<void> {
  for (const installation of running.slack.installations) installation.active = false;
}

/** Goes on by a minute at a time, so that the app's own clock work runs, until it is so. */
const untilTurned = (isSo: () => Promise<boolean>) =>
  expect
    .poll(() => {
      clock.forward(minuteMs);
      return isSo();
    })
    .toBe(true);

/** Goes on until it is `ms` later, and a little more. */
async function turn(ms: number, stepMs = 30 * minuteMs): Promise<void> {
  for (let gone = 0; gone < ms; gone += stepMs) {
    clock.forward(stepMs);
    await untilTurned(async () => (await count({ nextCheckAt: { $lte: clock.now() } })) === 0);
  }
}

const isRemoved = async () => (await count()) === 0;

describe('the daily check of an installation', () => {
  test('is once a day, and leaves alone what works', async () => {
    await install();
    for (const day of [1, 2, 3]) {
      await turn(24 * hourMs);
      expect(asked()).toBeGreaterThanOrEqual(day - 1);
      expect(asked()).toBeLessThanOrEqual(day + 1);
    }
    expect(await count()).toBe(1);
  });

  test('notices a removal whose events were lost', async () => {
    await install();
    await removeUnseen();
    await turn(25 * hourMs);
    await untilTurned(isRemoved);
    expect(await running.db.collection('channels').countDocuments({ status: 'active' })).toBe(0);
    expect(running.logs.filter((line) => line.includes('installation removed')).join('')).toContain(
      'account_inactive',
    );
  });

  test('is spread over the day', async () => {
    for (const id of teams) {
      running.slack.addTeam({ id, name: id, domain: id.toLowerCase() });
      await running.slack.install(await running.perly.installUrl(`acct_${id}`), {
        channel: '#customer-health',
        team: id,
      });
    }
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
  ] as const)('does nothing lasting because of %s, and asks again', async (_, fault) => {
    await install();
    await installations().updateMany({}, { $set: { nextCheckAt: clock.now() } });
    const failed = running.slack.failApi('auth.test', fault);
    await untilTurned(async () => running.logs.join('').includes('could not be checked'));
    expect(failed.hits).toBeGreaterThan(0);
    expect(await count({ bot: { $exists: true } })).toBe(1);
    running.slack.clearFaults();
    await removeUnseen();
    await untilTurned(isRemoved);
  });

  test('is made by one of several processes', async () => {
    await install();
    const others = await Promise.all(
      [1, 2].map(() =>
        startTestApp({
          beside: running,
          clock,
          schedule: createClockedSchedule({ clock, logger: createLogger({ level: 'silent' }) }),
        }),
      ),
    );
    const isChecked = async () =>
      (await count({ nextCheckAt: { $gt: new Date(clock.now().getTime() + 20 * hourMs) } })) === 1;
    await installations().updateMany({}, { $set: { nextCheckAt: clock.now() } });
    await untilTurned(isChecked);
    const before = asked(...others);
    await installations().updateMany({}, { $set: { nextCheckAt: clock.now() } });
    await untilTurned(isChecked);
    expect(asked(...others) - before).toBe(1);
    await Promise.all(others.map((other) => other.close()));
  });
});
