import { measure } from '../load/measure.ts';
import type { Sink } from '../load/sink.ts';
import { ms, printTable } from '../load/table.ts';
import { withApp } from './subjects.ts';

/** Few, so that what follows from a batch, a message a second for each channel, is little beside taking it. */
const channels = 100;
const events = 50_000;

/** How fast batches are taken: more are offered than can be, and what counts is when the last one is answered. */
export async function batches(sink: Sink): Promise<void> {
  const rows = await withApp(sink, channels, async (subject) => {
    await measure(
      { sink, subject },
      { rate: 5000, events: 20_000, channels, batch: 100, awaitArrivals: false },
    );
    const found: string[][] = [];
    for (const batch of [100, 1000]) {
      const { rate, cpuMs, memory, refused } = await measure(
        { sink, subject },
        { rate: 25_000, events, channels, batch, awaitArrivals: false },
      );
      found.push([
        String(batch),
        String(Math.round(rate)),
        ms(cpuMs),
        `${memory} MB`,
        [...refused.keys()].join(', ') || 'none',
      ]);
    }
    return found;
  });
  printTable('Batches', [
    ['events in a batch', 'events a second', 'CPU an event', 'memory', 'refused'],
    ...rows,
  ]);
}
