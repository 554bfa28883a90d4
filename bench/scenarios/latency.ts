import { engineUri } from '../engine.ts';
import { measure, type Stats } from '../load/measure.ts';
import type { Sink } from '../load/sink.ts';
import { ms, printTable, ratio } from '../load/table.ts';
import type { Subject } from '../subjects/subject.ts';
import { defaultChannels, withEach } from './subjects.ts';

/** Events per second, and for how many seconds. */
const loads = [
  { rate: 20, seconds: 20 },
  { rate: 100, seconds: 15 },
  { rate: 500, seconds: 10 },
] as const;

/** Subjects that store nothing do not depend on the engine: the bare server is enough for the ratios. */
function comparedHere(): readonly string[] | undefined {
  return engineUri === undefined ? undefined : ['bare server'];
}

/** From an event's due time to its message, at three steady rates, beside simpler subjects. */
export async function latency(sink: Sink): Promise<void> {
  const results = await withEach(sink, (subject) => measureLoads(sink, subject), comparedHere());
  const bare = results.get('bare server');
  for (const [at, { rate }] of loads.entries())
    printTable(`${rate} events a second`, [
      ['', 'p50', 'p99', 'p50 / bare', 'p99 / bare', 'CPU an event', 'memory', 'lost'],
      ...[...results].map(([name, stats]) => toRow(name, stats[at], bare?.[at])),
    ]);
}

async function measureLoads(sink: Sink, subject: Subject): Promise<Stats[]> {
  const channels = defaultChannels;
  await measure({ sink, subject }, { rate: 150, events: 1500, channels });
  const stats: Stats[] = [];
  for (const { rate, seconds } of loads)
    stats.push(await measure({ sink, subject }, { rate, events: rate * seconds, channels }));
  return stats;
}

function toRow(name: string, stats: Stats | undefined, bare: Stats | undefined): string[] {
  if (stats === undefined || bare === undefined) return [name];
  const { p50, p99, cpuMs, memory, lost, refused } = stats;
  return [
    name,
    ms(p50),
    ms(p99),
    ratio(p50, bare.p50),
    ratio(p99, bare.p99),
    ms(cpuMs),
    `${memory} MB`,
    refused.size > 0 ? `${lost}, refused ${[...refused.keys()].join(', ')}` : String(lost),
  ];
}
