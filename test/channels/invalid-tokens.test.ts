import { describe, expect, test } from 'vitest';
import { hourMs } from '../../src/lib/time.ts';
import { setupInstallationChecks, teams } from '../support/setup-installation-checks.ts';

const fixture = setupInstallationChecks();
const { clock, advance, logs, installations, count, advanceThroughChecks, installIn } = fixture;

describe('invalid_auth, which is also the answer to a blocked IP address', () => {
  /** Slack refuses only the tokens of these workspaces. */
  function refuse(...ids: string[]): void {
    fixture.running.slack.clearFaults();
    for (const { teamId, botToken } of fixture.running.slack.installations)
      if (ids.includes(teamId))
        fixture.running.slack.failApi('auth.test', { error: 'invalid_auth', onlyWith: botToken });
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
    fixture.running.slack.clearFaults();
    const { botToken = '' } = fixture.running.slack.installations.find(({ teamId }) => teamId === two) ?? {};
    fixture.running.slack.failApi('auth.test', { error: 'invalid_auth', onlyWith: botToken }, 1);
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
    fixture.running.slack.clearFaults();
    await installIn(two);
    refuse(two);
    for (let days = 0; days < 2; days++) await runDay();
    expect(await installed()).toEqual([one, two]);
  });
});
