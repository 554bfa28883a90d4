import { createBenchDatabase } from '../bench-database.ts';
import { engineUri } from '../engine.ts';
import type { Sink } from '../load/sink.ts';
import { ms, printTable, ratio } from '../load/table.ts';
import { addChannels, startApp } from '../subjects/app.ts';
import type { Subject } from '../subjects/subject.ts';
import { defaultChannels } from './subjects.ts';
import { findSustained } from './sustained.ts';

/** The sustained rate by number of processes on one database; the embedded store allows only one. */
export async function processes(sink: Sink): Promise<void> {
  if (engineUri === undefined) {
    console.log('\nSeveral processes need MONGODB_URI: the embedded store is for one.');
    return;
  }
  const rows: string[][] = [];
  let first: number | undefined;
  for (const count of [1, 2, 4]) {
    const database = await createBenchDatabase();
    await database.use((db) => addChannels(db, sink, { from: 0, to: defaultChannels }));
    const apps: Subject[] = [];
    for (let index = 0; index < count; index++) apps.push(await startApp(sink, database));
    const found = await findSustained(sink, loadBalanced(apps));
    await Promise.all(apps.map((app) => app.stop()));
    await database.remove();
    if (found === undefined) continue;
    first ??= found.rate;
    const { rate, stats } = found;
    rows.push([
      String(count),
      String(rate),
      ratio(rate, first),
      ms(stats.p50),
      ms(stats.p99),
      ms(stats.cpuMs),
    ]);
  }
  printTable('Processes on one database', [
    ['processes', 'events a second', 'of one', 'p50', 'p99', 'CPU an event, all processes'],
    ...rows,
  ]);
}

/** Several processes behind a load balancer: requests go to each in turn. */
function loadBalanced(apps: readonly Subject[]): Subject {
  const [first] = apps;
  if (first === undefined) throw new Error('no process');
  let next = 0;
  return {
    ...first,
    pids: apps.flatMap(({ pids }) => pids),
    toRequest: (events) => (apps[next++ % apps.length] ?? first).toRequest(events),
  };
}
