import { createHash } from 'node:crypto';
import { PgBoss } from 'pg-boss';

const name = 'deliveries';

/** pg-boss on PostgreSQL, woken by NOTIFY. Ids stay known for seven days. */
export async function startQueue({ engine, deliver }) {
  const boss = new PgBoss({ connectionString: engine, useListenNotify: true });
  for (const problem of ['error', 'warning']) boss.on(problem, console.error);
  await boss.start();
  await boss.createQueue(name, {
    notify: true,
    retryLimit: 10,
    retryDelay: 30,
    retryBackoff: true,
    expireInSeconds: 60,
  });
  const options = {
    batchSize: 64,
    localConcurrency: 2,
    perJobResults: true,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 0.5,
    notifyPollingIntervalSeconds: 5,
  };
  const run = ({ id, data }) =>
    deliver(data).then(
      () => ({ id, status: 'completed' }),
      (error) => ({ id, status: 'failed', output: { message: String(error) } }),
    );
  await boss.work(name, options, (jobs) => Promise.all(jobs.map(run)));
  return {
    add: (jobs) =>
      jobs.length === 1
        ? boss.send(name, jobs[0].data, { id: toUuid(jobs[0].id) })
        : boss.insert(
            name,
            jobs.map(({ id, data }) => ({ id: toUuid(id), data })),
          ),
    stop: () => boss.stop({ graceful: true, timeout: 2000 }),
  };
}

/** The same for the same delivery: inserting one that is there does nothing. */
function toUuid(id) {
  const hex = createHash('sha1').update(id).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
