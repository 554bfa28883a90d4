import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClockScheduler } from '../../sandbox/clock-scheduler.ts';
import { hourMs, minuteMs } from '../../src/lib/time.ts';
import { createLogger } from '../../src/ops/log.ts';
import { emptyDatabase } from '../support/empty-database.ts';
import { createStepClock } from '../support/step-clock.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

const teams = Array.from({ length: 8 }, (_, index) => `T0SPREAD00${index}`);

const { clock, scheduler, advance, idle } = createStepClock();
let running: TestApp;
let calls = 0;
/** Lines that earlier tests logged. */
let loggedBefore = 0;
beforeAll(async () => {
  running = await startTestApp({
    shared: true,
    paceMs: shortPaceMs,
    clock,
    scheduler,
    random: () => (calls++ * 0.37) % 1,
  });
});
beforeEach(async () => {
  await idle();
  clock.reset();
  running.slack.clearFaults();
  await emptyDatabase(running.db);
  calls = 0;
  loggedBefore = running.logs.length;
});
afterAll(() => running.close());

const logs = () => running.logs.slice(loggedBefore);
const installations = () => running.db.collection('installations');
const count = (filter = {}) => installations().countDocuments(filter);
/** Calls of `auth.test` by these processes. */
const countAuthTests = (...others: TestApp[]) =>
  [logs(), ...others.map((other) => other.logs)]
    .flat()
    .filter((line) => line.includes("apiCall('auth.test') start")).length;

const install = () => running.seedChannel('#customer-health', 'acct_demo');

/** Removes the app without sending its events. */
async function removeUnseen(): Promise<void> {
  for (const installation of running.slack.installations) installation.active = false;
}

/** Makes every check due, and begins it. */
async function beginChecks(): Promise<void> {
  await installations().updateMany({}, { $set: { nextCheckAt: clock.now() } });
  await advance(minuteMs);
}

async function findNextCheck(): Promise<number> {
  const [next] = await installations().find().sort({ nextCheckAt: 1 }).limit(1).toArray();
  return next?.nextCheckAt?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** Whether no check waits for a process. One that a process has begun is due again in a quarter of an hour. */
const isClaimed = async () => (await count({ nextCheckAt: { $lte: clock.now() } })) === 0;

/** Whether no check is due or under way. */
const isQuiet = async () =>
  (await count({ nextCheckAt: { $lte: new Date(clock.now().getTime() + 20 * minuteMs) } })) === 0;

/** Advances a little more than `ms`; stops at each check until none is under way. */
async function advanceThroughChecks(ms: number): Promise<void> {
  const end = clock.now().getTime() + ms;
  for (let at = await findNextCheck(); at <= end; at = await findNextCheck()) {
    await advance(at - clock.now().getTime());
    await expect.poll(isQuiet).toBe(true);
  }
  await advance(end - clock.now().getTime());
}

const isRemoved = async () => (await count()) === 0;

async function installIn(id: string): Promise<void> {
  if (!running.slack.model.teams.has(id)) running.slack.addTeam({ id, name: id, domain: id.toLowerCase() });
  await running.seedChannel('#customer-health', `acct_${id}`, { teamId: id });
}

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
    expect(await running.db.collection('channels').countDocuments({ status: 'active' })).toBe(0);
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
    const failed = running.slack.failApi('auth.test', fault);
    await beginChecks();
    await expect.poll(() => logs().join('')).toContain('could not be checked');
    expect(failed.hits).toBeGreaterThan(0);
    expect(await count({ bot: { $exists: true } })).toBe(1);
    running.slack.clearFaults();
    await removeUnseen();
    await advance((await findNextCheck()) - clock.now().getTime());
    await expect.poll(isRemoved).toBe(true);
  });

  test('is made by one of several processes', async () => {
    await install();
    const others = await Promise.all(
      [1, 2].map(() =>
        startTestApp({
          beside: running,
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

describe('invalid_auth, which is also the answer to a blocked IP address', () => {
  /** Slack refuses only the tokens of these workspaces. */
  function refuse(...ids: string[]): void {
    running.slack.clearFaults();
    for (const { teamId, botToken } of running.slack.installations)
      if (ids.includes(teamId))
        running.slack.failApi('auth.test', { error: 'invalid_auth', onlyWith: botToken });
  }
  const installed = async () =>
    (
      await installations()
        .find({ bot: { $exists: true } })
        .toArray()
    )
      .map(({ _id }) => String(_id))
      .sort();
  /** Advances a day, in which each installation is checked once. */
  async function runDay(): Promise<void> {
    const tomorrow = new Date(clock.now().getTime() + 24 * hourMs);
    await installations().updateMany({ bot: { $exists: true } }, { $set: { nextCheckAt: tomorrow } });
    await advance(24 * hourMs);
    const soon = new Date(tomorrow.getTime() + 12 * hourMs);
    await expect.poll(() => count({ nextCheckAt: { $lte: soon } })).toBe(0);
  }
  const warnings = () => logs().filter((line) => line.includes('IP address'));
  const gauge = () => installations().countDocuments({ 'invalidAuth.countedAt': { $type: 'date' } });
  const [one = '', two = '', three = '', four = ''] = teams;

  test('removes a workspace after three such days while other tokens work', async () => {
    for (const id of [one, two, three]) await installIn(id);
    refuse(two);
    await runDay();
    expect(await gauge()).toBe(1);
    await runDay();
    expect(await installed()).toEqual([one, two, three]);
    await runDay();
    await expect.poll(() => count()).toBe(2);
    expect(await installed()).toEqual([one, three]);
    expect(
      logs()
        .filter((line) => line.includes('installation removed'))
        .join(),
    ).toContain('invalid_auth');
    expect(warnings()).toEqual([]);
  });

  test('counts once a day, however often Slack is asked', async () => {
    for (const id of [one, two]) await installIn(id);
    refuse(two);
    for (let time = 0; time < 6; time++) {
      await installations().updateMany({}, { $set: { nextCheckAt: clock.now() } });
      await advanceThroughChecks(2 * hourMs);
    }
    expect(await installed()).toEqual([one, two]);
    await expect.poll(() => count({ 'invalidAuth.days': 1 })).toBe(1);
  });

  test('starts over if the token worked in between', async () => {
    for (const id of [one, two]) await installIn(id);
    for (const isRefused of [true, true, false, true, true]) {
      refuse(...(isRefused ? [two] : []));
      await runDay();
    }
    expect(await installed()).toEqual([one, two]);
  });

  test('removes none while several are invalid, says what to do, and continues when they work again', async () => {
    for (const id of [one, two, three, four]) await installIn(id);
    refuse(one, two);
    for (let days = 0; days < 5; days++) await runDay();
    expect(await installed()).toEqual([one, two, three, four]);
    expect(await gauge()).toBe(2);
    expect(JSON.parse(warnings().at(-1) ?? '{}')).toMatchObject({ level: 'error', invalid: 2, checked: 4 });
    refuse(two);
    for (let days = 0; days < 2; days++) await runDay();
    expect(await installed()).toEqual([one, two, three, four]);
    await runDay();
    await expect.poll(() => count()).toBe(3);
    expect(await installed()).toEqual([one, three, four]);
  });

  test.each([
    ['once it is no longer refused', [[one, two], [one, two], [one, two], [two]]],
    ['between two days of its own', [[two], [two], [one, two], [two], [two]]],
  ])('counts no day on which the address was blocked, %s', async (_, days) => {
    for (const id of [one, two]) await installIn(id);
    for (const refused of days) {
      refuse(...refused);
      await runDay();
    }
    expect(await installed()).toEqual([one, two]);
  });

  test('counts no day while no other token works', async () => {
    for (const id of [one, two, three]) await installIn(id);
    for (let days = 0; days < 5; days++) {
      refuse();
      await runDay();
      // All tokens are refused, and only one is checked.
      refuse(one, two, three);
      await installations().updateOne({ teamId: two }, { $set: { nextCheckAt: clock.now() } });
      const warned = warnings().length;
      await advanceThroughChecks(hourMs);
      // Other tokens are tried after that one.
      await expect.poll(() => warnings().length).toBe(warned + 1);
      expect(await count({ 'invalidAuth.days': { $gt: 0 } })).toBe(0);
    }
    expect(await installed()).toEqual([one, two, three]);
  });

  test('asks once more before it removes a workspace', async () => {
    for (const id of [one, two]) await installIn(id);
    for (let days = 0; days < 2; days++) {
      refuse(two);
      await runDay();
    }
    running.slack.clearFaults();
    const { botToken = '' } = running.slack.installations.find(({ teamId }) => teamId === two) ?? {};
    running.slack.failApi('auth.test', { error: 'invalid_auth', onlyWith: botToken }, 1);
    await runDay();
    await expect.poll(gauge).toBe(0);
    expect(await installed()).toEqual([one, two]);
  });

  test('never removes the last workspace, since nothing proves that the address is allowed', async () => {
    await installIn(one);
    refuse(one);
    for (let days = 0; days < 5; days++) await runDay();
    expect(await installed()).toEqual([one]);
    expect(warnings().length).toBeGreaterThan(0);
  });

  test('forgets the answers about an earlier installation', async () => {
    for (const id of [one, two]) await installIn(id);
    refuse(two);
    for (let days = 0; days < 2; days++) await runDay();
    running.slack.clearFaults();
    await installIn(two);
    refuse(two);
    for (let days = 0; days < 2; days++) await runDay();
    expect(await installed()).toEqual([one, two]);
  });
});
