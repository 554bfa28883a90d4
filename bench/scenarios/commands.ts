import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createBenchDatabase } from '../bench-database.ts';
import { measure } from '../load/measure.ts';
import type { Sink } from '../load/sink.ts';
import { printTable } from '../load/table.ts';
import { addChannels, startApp } from '../subjects/app.ts';
import type { Subject } from '../subjects/subject.ts';
import { defaultChannels } from './subjects.ts';

/** Events per second, and for how many seconds. */
const loads = [
  { rate: 1, seconds: 20 },
  { rate: 20, seconds: 10 },
  { rate: 100, seconds: 10 },
  { rate: 1000, seconds: 8 },
] as const;

/** Rarer than this, per event, is what the app does on its own: recovery, Agenda, health. */
const minShare = 0.005;

/** Counts the database commands of the app for an event. */
export async function commands(sink: Sink): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'perly-bench-commands-'));
  const file = join(folder, 'counts.json');
  const database = await createBenchDatabase();
  await database.use((db) => addChannels(db, sink, { from: 0, to: defaultChannels }));
  const subject = await startApp(sink, database, {
    nodeOptions: ['--import', join(import.meta.dirname, '../load/count-commands.mjs')],
    env: { COUNT_FILE: file },
  });
  await measure({ sink, subject }, { rate: 150, events: 900, channels: defaultChannels });
  const byRate: Map<string, number>[] = [];
  for (const { rate, seconds } of loads) {
    await takeCounts(subject, file);
    const events = rate * seconds;
    await measure({ sink, subject }, { rate, events, channels: defaultChannels });
    const counts = await takeCounts(subject, file);
    byRate.push(new Map(counts.map(([name, count]) => [name, count / events])));
  }
  await subject.stop();
  await database.remove();
  await rm(folder, { recursive: true });
  printCommands(byRate);
}

/** The commands since the last time. */
async function takeCounts({ pids }: Subject, file: string): Promise<[name: string, count: number][]> {
  rmSync(file, { force: true });
  for (const pid of pids) process.kill(pid, 'SIGUSR2');
  while (!existsSync(file)) await wait(20);
  return JSON.parse(readFileSync(file, 'utf8'));
}

function printCommands(byRate: readonly Map<string, number>[]): void {
  const isOfEvents = (name: string) =>
    !/agenda/i.test(name) && byRate.some((counts) => (counts.get(name) ?? 0) >= minShare);
  const names = [...new Set(byRate.flatMap((counts) => [...counts.keys()]))].filter(isOfEvents).sort();
  const sumOf = (counts: Map<string, number>) =>
    names.reduce((sum, name) => sum + (counts.get(name) ?? 0), 0);
  printTable('Database commands an event, by events a second', [
    ['', ...loads.map(({ rate }) => String(rate))],
    ...names.map((name) => [name, ...byRate.map((counts) => (counts.get(name) ?? 0).toFixed(2))]),
    ['all of them', ...byRate.map((counts) => sumOf(counts).toFixed(2))],
  ]);
}
