import { type BenchDatabase, createBenchDatabase } from '../bench-database.ts';
import { median } from '../load/median.ts';
import type { Sink } from '../load/sink.ts';
import { ms, printTable, ratio } from '../load/table.ts';
import { addChannels, startApp } from '../subjects/app.ts';
import { fillStore } from './fill-store.ts';
import { defaultChannels } from './subjects.ts';

/** Channels, and stored events whose alerts were sent. */
const stores = [
  { channels: 10, events: 0 },
  { channels: defaultChannels, events: 0 },
  { channels: defaultChannels, events: 100_000 },
] as const;

/** The time from the start of the process until it accepts requests, on a database that it has used before. */
export async function start(sink: Sink): Promise<void> {
  const rows: string[][] = [];
  let first: number | undefined;
  for (const { channels, events } of stores) {
    const database = await createBenchDatabase();
    await database.use(async (db) => {
      await addChannels(db, sink, { from: 0, to: channels });
      await fillStore(db, { events, channels });
    });
    // The first start completes the database.
    await measureStart(sink, database);
    const times: number[] = [];
    for (let round = 0; round < 3; round++) times.push(await measureStart(sink, database));
    await database.remove();
    const middle = median(times);
    first ??= middle;
    rows.push([String(channels), String(events), ms(middle), ms(Math.max(...times)), ratio(middle, first)]);
  }
  printTable('From the start of the process until it accepts requests, three times', [
    ['channels', 'stored events', 'median', 'longest', 'median / first'],
    ...rows,
  ]);
}

async function measureStart(sink: Sink, database: BenchDatabase): Promise<number> {
  const began = performance.now();
  const subject = await startApp(sink, database);
  const took = performance.now() - began;
  await subject.stop();
  return took;
}
