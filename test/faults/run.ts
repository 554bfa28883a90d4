import { randomInt } from 'node:crypto';
import { account } from './account.ts';
import { makeChannels } from './channels.ts';
import { checkDeliveries } from './check-deliveries.ts';
import { comeToRest } from './come-to-rest.ts';
import { disturb } from './disturb.ts';
import { chooseEngine } from './engine.ts';
import { createJournal } from './journal.ts';
import { runLoad } from './load.ts';
import { type Options, readOptions } from './options.ts';
import { makePlan } from './plan.ts';
import { createRandom } from './random.ts';
import { tableOf, tellProblems, tellSlowest } from './report.ts';
import { type Stage, setStage } from './stage.ts';
import { watchSlack } from './watch-slack.ts';

/** How far the clocks of processes are apart. Milliseconds. */
const clockSkewMs = 20_000;

/** How long setting up, ending and accounting may take. Milliseconds. */
const overheadMs = 60_000;

/**
 * The fault suite: real processes of the built app, a steady load, and everything going wrong; then the accounting.
 * Exits with 0 when all that was answered with 202 is accounted for. `--seed` repeats a plan.
 */
const options = readOptions(process.argv.slice(2), () => randomInt(2 ** 31));
process.exitCode = (await run(options)) ? 0 : 1;

async function run(options: Options): Promise<boolean> {
  say(`The fault suite, --seed ${options.seed}`);
  const limitMs = options.loadMs + options.calmMs + overheadMs;
  const watchdog = setTimeout(() => {
    say(`The suite itself did not end within ${limitMs / 1000} s.`);
    process.exit(1);
  }, limitMs);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

  const engine = await chooseEngine(options.engine, process.env.MONGODB_URI);
  if (!engine.isApart) say('No engine answers: one process, on the embedded store, which is killed with it.');
  const channels = makeChannels(options.accounts);
  const journal = createJournal(channels.map(({ id }) => id));
  const clocks = clocksOf(options, engine.isApart ? options.processes : 1);
  let stage: Stage | undefined;
  try {
    stage = await setStage({ engine, channels, clocks, app: options.app, journal });
    const { slack, processes, secret } = stage;
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
    const result = account(journal);
    const problems = [...result.problems, ...journal.problems];
    const told = { options, engine: engine.name, clocks, loadMs, waits, calmMs, problems, journal, memoryMb };
    say(tableOf({ ...told, account: result }));
    if (problems.length > 0) say(tellProblems(problems, journal));
    if (options.slowest > 0) say(tellSlowest(result, options.slowest, journal));
    say(problems.length > 0 ? `\nNot accounted for. Again: --seed ${options.seed}` : '\nAll accounted for.');
    return problems.length === 0;
  } finally {
    await Promise.all(stage?.processes.map((app) => app.kill()) ?? []);
    await stage?.close();
    await engine.remove();
    clearTimeout(watchdog);
  }
}

/** The first clock is right, every other one off, ahead or behind as the seed has it. */
function clocksOf({ seed }: Options, processes: number): number[] {
  const random = createRandom(seed ^ 0xc10c);
  return Array.from({ length: processes }, (_, slot) => (random.chance(0.5) ? 1 : -1) * slot * clockSkewMs);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
