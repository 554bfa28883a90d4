import { engineUri } from '../engine.ts';
import { measure, type Stats } from '../load/measure.ts';
import type { Sink } from '../load/sink.ts';
import { ms, printTable, ratio } from '../load/table.ts';
import type { BenchOptions } from '../options.ts';
import type { Subject } from '../subjects/subject.ts';
import { defaultChannels, withEach } from './subjects.ts';

const seconds = 10;
const firstRate = 100;
/** The rate grows by this factor until it is too high; then a binary search of so many steps refines it. */
const growth = 1.5;
const refinements = 2;

export type Sustained = { rate: number; stats: Stats };

/** All but one in a hundred messages within a second, and none lost. */
function isSustained({ p99, lost, refused }: Stats): boolean {
  return p99 < 1000 && lost === 0 && refused.size === 0;
}

/** The highest rate that a subject sustains for ten seconds, at the first or second attempt. */
export async function findSustained(
  sink: Sink,
  subject: Subject,
  channels = defaultChannels,
): Promise<Sustained | undefined> {
  await measure({ sink, subject }, { rate: 150, events: 1500, channels });
  let best: Sustained | undefined;
  const holds = async (rate: number): Promise<boolean> => {
    for (let tries = 0; tries < 2; tries++) {
      const stats = await measure({ sink, subject }, { rate, events: rate * seconds, channels });
      if (!isSustained(stats)) continue;
      best = { rate, stats };
      return true;
    }
    return false;
  };
  let low = 0;
  let high = firstRate;
  while (await holds(Math.round(high))) {
    low = high;
    high *= growth;
  }
  for (let step = 0; step < refinements && low > 0; step++) {
    const middle = (low + high) / 2;
    if (await holds(Math.round(middle))) low = middle;
    else high = middle;
  }
  return best;
}

/** The highest sustained rate of each subject, and the cost of an event there. */
export async function sustained(sink: Sink, { only }: BenchOptions): Promise<void> {
  // Subjects that store nothing do not depend on the engine.
  const others = only ?? (engineUri === undefined ? undefined : []);
  const results = await withEach(sink, (subject) => findSustained(sink, subject), others);
  const alertmanager = results.get('Alertmanager');
  printTable('The highest rate with p99 below a second and nothing lost', [
    [
      '',
      'events a second',
      'p50',
      'p99',
      'CPU an event',
      'memory',
      'rate / Alertmanager',
      'CPU / Alertmanager',
    ],
    ...[...results].map(([name, result]) => toRow(name, result, alertmanager)),
  ]);
}

function toRow(name: string, result: Sustained | undefined, to: Sustained | undefined): string[] {
  if (result === undefined) return [name, `below ${firstRate}`];
  const { rate, stats } = result;
  return [
    name,
    String(rate),
    ms(stats.p50),
    ms(stats.p99),
    ms(stats.cpuMs),
    `${stats.memory} MB`,
    to === undefined ? '' : ratio(rate, to.rate),
    to === undefined ? '' : ratio(stats.cpuMs, to.stats.cpuMs),
  ];
}
