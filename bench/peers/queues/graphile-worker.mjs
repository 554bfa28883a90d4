import { Logger, makeWorkerUtils, run, WorkerPreset } from 'graphile-worker';

const logger = new Logger(() => (level, message) => {
  if (level === 'error') console.error(message);
});

/** graphile-worker on PostgreSQL, with the local queue and batched completions that its page on performance names. */
export async function startQueue({ engine, deliver }) {
  const runner = await run({
    preset: {
      extends: [WorkerPreset],
      worker: {
        connectionString: engine,
        concurrentJobs: 64,
        maxPoolSize: 25,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        logger,
      },
    },
    noHandleSignals: true,
    taskList: { send: (data) => deliver(data) },
  });
  const utils = await makeWorkerUtils({ connectionString: engine, logger });
  const add = async (jobs) => {
    const [first] = jobs;
    if (jobs.length === 1) return runner.addJob('send', first.data, { jobKey: first.id, maxAttempts: 11 });
    const specs = jobs.map(({ id, data }) => ({
      identifier: 'send',
      payload: data,
      jobKey: id,
      maxAttempts: 11,
    }));
    return utils.addJobs(specs);
  };
  return {
    add,
    async stop() {
      await runner.stop();
      await utils.release();
    },
  };
}
