import { createBenchDatabase } from '../bench-database.ts';
import type { Sink } from '../load/sink.ts';
import { startAlertmanager } from '../subjects/alertmanager.ts';
import { addChannels, startApp } from '../subjects/app.ts';
import { startBare } from '../subjects/bare.ts';
import { NotInstalledError, type Subject } from '../subjects/subject.ts';

/** More than are posted to in a second, because of Slack's pace. */
export const defaultChannels = 10_000;

/** Runs `action` with the app on a new database, and cleans up. */
export async function withApp<T>(
  sink: Sink,
  channels: number,
  action: (subject: Subject) => Promise<T>,
): Promise<T> {
  const database = await createBenchDatabase();
  try {
    await database.use((db) => addChannels(db, sink, { from: 0, to: channels }));
    return await withSubject(() => startApp(sink, database), action);
  } finally {
    await database.remove();
  }
}

/** The subjects that the app is compared with. Alertmanager only if installed. */
const others: readonly { name: string; start: (sink: Sink) => Promise<Subject> }[] = [
  { name: 'bare server', start: (sink) => startBare(sink, 'undici') },
  { name: '@slack/webhook', start: (sink) => startBare(sink, 'slack-webhook') },
  { name: 'Alertmanager', start: startAlertmanager },
];

/**
 * Runs `action` with each subject in turn: the app, and all others or the named ones.
 * @returns the results by name, without subjects that are not installed
 */
export async function withEach<T>(
  sink: Sink,
  action: (subject: Subject) => Promise<T>,
  beside: readonly string[] = others.map(({ name }) => name),
): Promise<Map<string, T>> {
  const results = new Map<string, T>();
  results.set('the app', await withApp(sink, defaultChannels, action));
  for (const { name, start } of others) {
    if (!beside.includes(name)) continue;
    try {
      results.set(name, await withSubject(() => start(sink), action));
    } catch (error) {
      if (!(error instanceof NotInstalledError)) throw error;
      console.log(`${name} is ${error.message}`);
    }
  }
  return results;
}

/** Runs `action` with a subject, and stops it. */
export async function withSubject<T>(
  start: () => Promise<Subject>,
  action: (subject: Subject) => Promise<T>,
): Promise<T> {
  const subject = await start();
  try {
    return await action(subject);
  } finally {
    await subject.stop();
  }
}
