import { measure, type Stats } from '../load/measure.ts';
import { median } from '../load/median.ts';
import type { Sink } from '../load/sink.ts';
import { ms, printTable, ratio } from '../load/table.ts';
import type { BenchOptions } from '../options.ts';
import { peers as known, startPeer } from '../subjects/peers.ts';
import { NotInstalledError, type Subject } from '../subjects/subject.ts';
import { defaultChannels, withApp, withSubject } from './subjects.ts';
import { findSustained, type Sustained } from './sustained.ts';

/** Events per second, and for how many seconds. */
const loads = [
  { rate: 20, seconds: 10 },
  { rate: 100, seconds: 8 },
  { rate: 500, seconds: 6 },
] as const;

const channels = defaultChannels;

/** The baseline: what most Node teams would choose. */
const reference = 'BullMQ everysec';

/** Measures the cost of an event at three steady rates, beside durable queues. */
export async function peers(sink: Sink, options: BenchOptions): Promise<void> {
  const results = await runRounds(sink, options, async (subject) => {
    await measure({ sink, subject }, { rate: 150, events: 900, channels });
    const stats: Stats[] = [];
    for (const { rate, seconds } of loads)
      stats.push(await measure({ sink, subject }, { rate, events: rate * seconds, channels }));
    return stats;
  });
  for (const [at, { rate }] of loads.entries()) {
    const rows = [...results].map(([name, rounds]) =>
      summarise(
        name,
        rounds.flatMap((stats) => stats[at] ?? []),
      ),
    );
    printRows(`${rate} events a second, medians of ${options.rounds} rounds`, rows);
  }
}

/** The highest sustained rate of each, and what an event costs there. */
export async function peersSustained(sink: Sink, options: BenchOptions): Promise<void> {
  const results = await runRounds(sink, options, (subject) => findSustained(sink, subject));
  const rows = [...results].map(([name, rounds]) => {
    const sustained = rounds.filter((round): round is Sustained => round !== undefined);
    const row = summarise(
      name,
      sustained.map(({ stats }) => stats),
    );
    return { ...row, rate: median(rounds.map((round) => round?.rate ?? 0)) };
  });
  printRows(`The highest sustained rate, medians of ${options.rounds} rounds`, rows);
}

/**
 * Measures each subject once in every round, so that changes on the machine affect all of them.
 * @returns by subject, the results of each round, without subjects that are not installed
 */
async function runRounds<T>(
  sink: Sink,
  { rounds, only }: BenchOptions,
  action: (subject: Subject) => Promise<T>,
): Promise<Map<string, T[]>> {
  const isAsked = (name: string) => only === undefined || only.includes(name);
  const subjects = [
    { name: 'the app', run: () => withApp(sink, channels, action) },
    ...known.map((peer) => ({
      name: peer.name,
      run: () => withSubject(() => startPeer(sink, peer), action),
    })),
  ].filter(({ name }) => isAsked(name));
  const results = new Map<string, T[]>();
  const missing = new Set<string>();
  for (let round = 0; round < rounds; round++)
    for (const { name, run } of subjects) {
      if (missing.has(name)) continue;
      try {
        results.set(name, [...(results.get(name) ?? []), await run()]);
      } catch (error) {
        if (!(error instanceof NotInstalledError)) throw error;
        console.log(`${name} is ${error.message}`);
        missing.add(name);
      }
    }
  return results;
}

type Row = {
  name: string;
  rate: number;
  p50: number;
  p99: number;
  cpuMs: number;
  engineCpuMs: number;
  totalCpuMs: number;
  lost: number;
};

/** Medians of rounds; what was lost or refused, in all rounds. */
function summarise(name: string, rounds: readonly Stats[]): Row {
  const of = (value: (stats: Stats) => number) => median(rounds.map(value));
  return {
    name,
    rate: of(({ rate }) => rate),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    cpuMs: of(({ cpuMs }) => cpuMs),
    engineCpuMs: of(({ engineCpuMs }) => engineCpuMs),
    totalCpuMs: of(({ cpuMs, engineCpuMs }) => cpuMs + engineCpuMs),
    lost: rounds.reduce((sum, { lost, refused }) => sum + lost + refused.size, 0),
  };
}

function printRows(title: string, rows: readonly Row[]): void {
  const to = rows.find(({ name }) => name === reference);
  printTable(title, [
    [
      '',
      'events a second',
      'p50',
      'p99',
      'CPU an event',
      'its database',
      'together',
      `together / ${reference}`,
      'lost',
    ],
    ...rows.map(({ name, rate, p50, p99, cpuMs, engineCpuMs, totalCpuMs, lost }) => [
      name,
      String(Math.round(rate)),
      ms(p50),
      ms(p99),
      ms(cpuMs),
      engineCpuMs === 0 ? '' : ms(engineCpuMs),
      ms(totalCpuMs),
      to === undefined ? '' : ratio(totalCpuMs, to.totalCpuMs),
      String(lost),
    ]),
  ]);
}
