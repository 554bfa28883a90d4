import { makeChannels } from './channels.ts';
import { checkDeliveries } from './check-deliveries.ts';
import { comeToRest } from './come-to-rest.ts';
import { disturb } from './disturb.ts';
import { chooseEngine } from './engine.ts';
import { createJournal } from './journal.ts';
import { runLoad } from './load.ts';
import type { Options } from './options.ts';
import { makePlan } from './plan.ts';
import { createRandom } from './random.ts';
import { reckon } from './reckon.ts';
import { tableOf, tellProblems, tellSlowest } from './report.ts';
import { setStage } from './stage.ts';
import type { Tidy } from './tidy.ts';
import { watchSlack } from './watch-slack.ts';

/** How far the clocks of processes are apart. Milliseconds. */
const clockSkewMs = 20_000;

/**
 * One run: load and faults, calm, and the reckoning.
 *
 * @param uri the real engine, where it is not at its usual place
 * @param say writes a line for whoever watches
 * @returns whether all is accounted for
 */
export async function runSuite(
  options: Options,
  uri: string | undefined,
  tidy: Tidy,
  say: (text: string) => void,
): Promise<boolean> {
  say(`The fault suite, --seed ${options.seed}`);
  const engine = await chooseEngine(options.engine, uri);
  tidy.later(engine.remove);
  if (!engine.isApart) say('No engine answers: one process, on the embedded store, which is killed with it.');
  const channels = makeChannels(options.accounts);
  const journal = createJournal(channels.map(({ id }) => id));
  const clocks = clocksOf(options, engine.isApart ? options.processes : 1);
  const { slack, processes, secret } = await setStage({
    engine,
    channels,
    clocks,
    app: options.app,
    journal,
    tidy,
  });
  watchSlack(slack, journal);
  const plan = makePlan({
    seed: options.seed,
    loadMs: options.loadMs,
    slots: processes.length,
    channelIds: journal.channelIds,
    faults: options.faults,
    canCut: engine.isApart,
  });
  const loaded = new AbortController();
  const late = new AbortController();
  const disturbed = disturb({ plan, processes, engine, slack, journal, ended: loaded.signal });
  const urls = processes.map(({ url }) => url);
  let memoryMb = 0;
  const meter = setInterval(() => {
    memoryMb = Math.max(memoryMb, Math.round(process.memoryUsage().rss / 2 ** 20));
  }, 1000);

  const began = journal.now();
  const { answered, waits } = await runLoad({
    options,
    channels,
    urls,
    secret,
    journal,
    giveUp: late.signal,
  });
  const loadMs = journal.now() - began;
  journal.note('the load ends');
  loaded.abort();
  await disturbed;
  const tooLate = setTimeout(() => late.abort(), options.calmMs);
  await answered;
  const calmMs = await comeToRest(engine, journal, options.calmMs);
  clearTimeout(tooLate);
  clearInterval(meter);

  for (const [slot, code] of (await Promise.all(processes.map((app) => app.terminate()))).entries())
    if (code !== 0) journal.problem('process', `process ${slot} was asked to end and exited with ${code}`);
  await checkDeliveries(engine, journal);
  const result = reckon(journal);
  const problems = [...result.problems, ...journal.problems];
  const told = { options, engine: engine.name, clocks, loadMs, waits, calmMs, problems, journal, memoryMb };
  say(tableOf({ ...told, reckoning: result }));
  if (problems.length > 0) say(tellProblems(problems, journal));
  if (options.slowest > 0) say(tellSlowest(result, options.slowest, journal));
  say(problems.length > 0 ? `\nNot accounted for. Again: --seed ${options.seed}` : '\nAll accounted for.');
  return problems.length === 0;
}

/** The first clock is right, every other one off, ahead or behind as the seed has it. */
function clocksOf({ seed }: Options, processes: number): number[] {
  const random = createRandom(seed ^ 0xc10c);
  return Array.from({ length: processes }, (_, slot) => (random.chance(0.5) ? 1 : -1) * slot * clockSkewMs);
}
