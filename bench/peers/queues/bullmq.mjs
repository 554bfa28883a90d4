import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

const name = 'deliveries';

/** BullMQ on Redis. An id is known while its job is queued. */
export async function startQueue({ engine, deliver }) {
  const connect = () => new Redis(Number(engine), '127.0.0.1', { maxRetriesPerRequest: null });
  const queue = new Queue(name, {
    connection: connect(),
    defaultJobOptions: {
      attempts: 11,
      backoff: { type: 'exponential', delay: 30_000 },
      removeOnComplete: true,
      removeOnFail: false,
    },
  });
  const worker = new Worker(name, ({ data }) => deliver(data), { connection: connect(), concurrency: 64 });
  for (const one of [queue, worker]) one.on('error', console.error);
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  return {
    add: (jobs) => queue.addBulk(jobs.map(({ id, data }) => ({ name: 'send', data, opts: { jobId: id } }))),
    async stop() {
      await worker.close();
      await queue.close();
    },
  };
}
