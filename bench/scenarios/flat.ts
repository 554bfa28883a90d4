import { createBenchDatabase } from '../bench-database.ts';
import { measure, type Stats } from '../load/measure.ts';
import type { Sink } from '../load/sink.ts';
import { ms, printTable, ratio } from '../load/table.ts';
import { addChannels, startApp } from '../subjects/app.ts';
import { fillStore } from './fill-store.ts';
import { defaultChannels, withApp } from './subjects.ts';

/** Few enough for ten channels with one message a second each. */
const slow = { rate: 8, events: 400 };
const fast = { rate: 100, events: 3000 };

/** The cost of an event with few channels and with many. */
export async function channels(sink: Sink): Promise<void> {
  const stats: [string, Stats][] = [];
  for (const count of [10, defaultChannels])
    stats.push([
      `${count} channels`,
      await withApp(sink, count, async (subject) => {
        await measure({ sink, subject }, { ...slow, events: 100, channels: count });
        return measure({ sink, subject }, { ...slow, channels: count });
      }),
    ]);
  printFlat(`${slow.rate} events a second`, stats);
}

/** The cost of an event in an empty store and in one with a million events. */
export async function million(sink: Sink): Promise<void> {
  const load = { ...fast, channels: defaultChannels };
  const warmUp = { ...load, events: 1000 };
  const empty = await withApp(sink, defaultChannels, async (subject) => {
    await measure({ sink, subject }, warmUp);
    return measure({ sink, subject }, load);
  });
  const database = await createBenchDatabase();
  await database.use(async (db) => {
    await addChannels(db, sink, { from: 0, to: defaultChannels });
    await fillStore(db, { events: 1_000_000, channels: defaultChannels });
  });
  const subject = await startApp(sink, database);
  await measure({ sink, subject }, warmUp);
  const full = await measure({ sink, subject }, load);
  await subject.stop();
  await database.remove();
  printFlat(`${fast.rate} events a second`, [
    ['an empty store', empty],
    ['a million events', full],
  ]);
}

function printFlat(title: string, stats: readonly [string, Stats][]): void {
  const [, first] = stats[0] ?? [];
  if (first === undefined) return;
  printTable(title, [
    ['', 'p50', 'p99', 'CPU an event', 'CPU / first', 'memory', 'lost'],
    ...stats.map(([name, { p50, p99, cpuMs, memory, lost }]) => [
      name,
      ms(p50),
      ms(p99),
      ms(cpuMs),
      ratio(cpuMs, first.cpuMs),
      `${memory} MB`,
      String(lost),
    ]),
  ]);
}
