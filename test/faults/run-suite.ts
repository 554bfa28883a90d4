import { makeChannels } from './channels.ts';
import { checkDeliveries } from './check-deliveries.ts';
import type { Cleanup } from './cleanup.ts';
import { chooseEngine } from './engine.ts';
import { injectFaults } from './inject-faults.ts';
import { runLoad } from './load.ts';
import type { Options } from './options.ts';
import { makePlan } from './plan.ts';
import { createRandom } from './random.ts';
import { ageAlerts, checkReminders } from './reminders.ts';
import { printProblems, printSlowest, tableOf } from './report.ts';
import { createRunLog } from './run-log.ts';
import { openDigests, setupRun } from './setup-run.ts';
import { verifyRun } from './verify-run.ts';
import { waitUntilIdle } from './wait-until-idle.ts';
import { watchSlack } from './watch-slack.ts';

/** When the first digest is due, which is after the processes have started. Milliseconds. */
const digestInMs = 90_000;

/** Difference between the clocks of processes. Milliseconds. */
const clockSkewMs = 20_000;

/**
 * Runs load and faults, waits until everything has arrived, and verifies.
 * @param uri of the real engine, if not at its usual place
 * @returns whether everything is accounted for
 */
export async function runSuite(
  options: Options,
  uri: string | undefined,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<boolean> {
  say(`The fault suite, --seed ${options.seed}`);
  const engine = await chooseEngine(options.engine, uri);
  cleanup.later(engine.remove);
  if (!engine.isSeparate)
    say('No engine answers: one process, on the embedded store, which is killed with it.');
  const channels = makeChannels(options.accounts, engine.isSeparate ? timeIn(digestInMs) : undefined);
  const runLog = createRunLog(channels.map(({ id }) => id));
  const clocks = clocksOf(options, engine.isSeparate ? options.processes : 1);
  const { slack, processes, secrets } = await setupRun({
    engine,
    channels,
    clocks,
    app: options.app,
    runLog,
    cleanup,
  });
  watchSlack(slack, runLog, channels);
  const plan = makePlan({
    seed: options.seed,
    loadMs: options.loadMs,
    slots: processes.length,
    channelIds: runLog.channelIds,
    faults: options.faults,
    canCut: engine.isSeparate,
  });
  const loaded = new AbortController();
  const late = new AbortController();
  const injected = injectFaults({ plan, processes, engine, slack, runLog, ended: loaded.signal });
  const aged = engine.isSeparate ? ageAlerts(engine, loaded.signal) : Promise.resolve();
  const urls = processes.map(({ url }) => url);
  let memoryMb = 0;
  const meter = setInterval(() => {
    memoryMb = Math.max(memoryMb, Math.round(process.memoryUsage().rss / 2 ** 20));
  }, 1000);

  const began = runLog.now();
  const { answered, waits } = await runLoad({
    options,
    channels,
    urls,
    secret: secrets.events,
    runLog,
    giveUp: late.signal,
  });
  const loadMs = runLog.now() - began;
  runLog.note('the load ends');
  loaded.abort();
  await injected;
  await aged;
  await openDigests(urls[0] ?? '', secrets, channels);
  const tooLate = setTimeout(() => late.abort(), options.drainMs);
  await answered;
  const drainMs = await waitUntilIdle(engine, runLog, options.drainMs);
  clearTimeout(tooLate);
  clearInterval(meter);

  for (const [slot, code] of (await Promise.all(processes.map((app) => app.terminate()))).entries())
    if (code !== 0) runLog.problem('process', `process ${slot} was asked to end and exited with ${code}`);
  await checkDeliveries(engine, runLog);
  const reminders = await checkReminders(engine, runLog);
  const result = verifyRun(runLog);
  const problems = [...result.problems, ...runLog.problems];
  const run = {
    options,
    engine: engine.name,
    clocks,
    loadMs,
    waits,
    drainMs,
    problems,
    runLog,
    memoryMb,
    reminders,
  };
  say(tableOf({ ...run, report: result }));
  if (problems.length > 0) say(printProblems(problems, runLog));
  if (options.slowest > 0) say(printSlowest(result, options.slowest, runLog));
  say(problems.length > 0 ? `\nNot accounted for. Again: --seed ${options.seed}` : '\nAll accounted for.');
  return problems.length === 0;
}

/** The first clock is right; the others are ahead or behind, depending on the seed. */
function clocksOf({ seed }: Options, processes: number): number[] {
  const random = createRandom(seed ^ 0xc10c);
  return Array.from({ length: processes }, (_, slot) => (random.chance(0.5) ? 1 : -1) * slot * clockSkewMs);
}

/** The time of day then, in UTC: `13:05`. */
function timeIn(ms: number): string {
  return new Date(Date.now() + ms).toISOString().slice(11, 16);
}
