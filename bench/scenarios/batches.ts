import { measure } from '../load/measure.ts';
import type { Sink } from '../load/sink.ts';
import { ms, printTable } from '../load/table.ts';
import { withApp } from './subjects.ts';

/**
 * Few, so that the alerts of a batch, one message a second for each channel, cost little compared with ingesting it.
 */
const channels = 100;
const events = 50_000;

/** Measures the ingestion of batches: until the last answer, with more posted than the app can ingest. */
export async function batches(sink: Sink): Promise<void> {
  const rows: string[][] = [];
  for (const batch of [100, 1000]) {
    const load = { channels, batch, awaitArrivals: false };
    const { rate, cpuMs, memory, refused } = await withApp(sink, channels, async (subject) => {
      await measure({ sink, subject }, { ...load, rate: 2000, events: 10_000 });
      return measure({ sink, subject }, { ...load, rate: 25_000, events });
    });
    rows.push([
      String(batch),
      String(Math.round(rate)),
      ms(cpuMs),
      `${memory} MB`,
      [...refused.keys()].join(', ') || 'none',
    ]);
  }
  printTable('Batches', [
    ['events in a batch', 'events a second', 'CPU an event', 'memory', 'refused'],
    ...rows,
  ]);
}
