import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { minuteMs } from '../../src/lib/time.ts';
import { emptyDatabase } from './empty-database.ts';
import { createStepClock } from './step-clock.ts';
import { shortPaceMs, startTestApp, type TestApp } from './test-app.ts';

export const teams = Array.from({ length: 8 }, (_, index) => `T0SPREAD00${index}`);

/** An app whose clock is advanced from check to check. Before each test nothing is installed. */
export function setupInstallationChecks() {
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

  const installations = () => running.db.collection('installations');
  const count = (filter = {}) => installations().countDocuments(filter);

  async function findNextCheck(): Promise<number> {
    const [next] = await installations().find().sort({ nextCheckAt: 1 }).limit(1).toArray();
    return next?.nextCheckAt?.getTime() ?? Number.POSITIVE_INFINITY;
  }

  /** Whether no check is due or under way. */
  const isQuiet = async () =>
    (await count({ nextCheckAt: { $lte: new Date(clock.now().getTime() + 20 * minuteMs) } })) === 0;

  return {
    get running() {
      return running;
    },
    clock,
    advance,
    logs: () => running.logs.slice(loggedBefore),
    installations,
    count,
    findNextCheck,
    /** Advances a little more than `ms`; stops at each check until none is under way. */
    async advanceThroughChecks(ms: number): Promise<void> {
      const end = clock.now().getTime() + ms;
      for (let at = await findNextCheck(); at <= end; at = await findNextCheck()) {
        await advance(at - clock.now().getTime());
        await expect.poll(isQuiet).toBe(true);
      }
      await advance(end - clock.now().getTime());
    },
    async installIn(id: string): Promise<void> {
      const { slack } = running;
      if (!slack.model.teams.has(id)) slack.addTeam({ id, name: id, domain: id.toLowerCase() });
      await running.seedChannel('#customer-health', `acct_${id}`, { teamId: id });
    },
  };
}
