import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import { AppError } from '../lib/errors.ts';
import { minuteMs } from '../lib/time.ts';
import { isDuplicateKey } from '../store/bulk.ts';

export type ScheduledWork = {
  recover(): Promise<void>;
  open(at: Date): Promise<void>;
};

export type Scheduler = {
  start(work: ScheduledWork): Promise<void>;
  /** Runs once, even if planned repeatedly. @throws AppError before the start */
  planOpening(at: Date): Promise<void>;
  stop(): Promise<void>;
};

const collection = 'agendaJobs';
const recoveryJob = 'recovery';
const openingJob = 'opening';

/** Time after which another process considers a job's process dead. Milliseconds. */
const lockLifetime = minuteMs;

/** Interval at which Agenda looks for jobs that are due soon. Milliseconds. */
const pollIntervalMs = 5000;

/** Maximum wait of `stop` for a running job. Milliseconds. */
const drainTimeout = 5000;

/**
 * Agenda only keeps time: recovery does what a missed job should have done. Pitfalls avoided here: without
 * lock limits one process locks every job; errors are silent without a listener; `every` frees the lock of a
 * job that runs elsewhere, and `unique` has no index of its own.
 */
export function createScheduler(parts: { db: Db; name: string; pollMs?: number; logger: Logger }): Scheduler {
  const { db, name, pollMs = pollIntervalMs, logger } = parts;
  let agenda: Agenda | undefined;

  async function ensureIndexes(): Promise<void> {
    await db.collection(collection).createIndexes([
      {
        key: { name: 1 },
        name: 'one recovery',
        unique: true,
        partialFilterExpression: { name: recoveryJob },
      },
      {
        key: { name: 1, 'data.at': 1 },
        name: 'one opening',
        unique: true,
        partialFilterExpression: { name: openingJob },
      },
    ]);
  }

  return {
    async start({ recover, open }) {
      await ensureIndexes();
      const started = new Agenda({
        backend: new MongoBackend({ mongo: db, collection }),
        name,
        processEvery: pollMs,
        defaultConcurrency: 1,
        maxConcurrency: 2,
        defaultLockLimit: 1,
        lockLimit: 2,
        defaultLockLifetime: lockLifetime,
      });
      started.on('error', (error: unknown) => logger.error({ err: error }, 'Agenda failed'));
      started.on('fail', (error: unknown) =>
        logger.error({ err: error }, 'a job failed and runs again in a minute'),
      );
      // With two parameters, the handler ends when it calls `done`.
      started.define(recoveryJob, (_job, done) => {
        recover().then(() => done(), done);
      });
      started.define<{ at: string }>(
        openingJob,
        ({ attrs }, done) => {
          // A failed job would stay forever; the next recovery does what is left.
          open(new Date(attrs.data.at))
            .catch((error: unknown) =>
              logger.error({ err: error }, 'an opening failed and is left to recovery'),
            )
            .finally(() => done());
        },
        { removeOnComplete: true },
      );
      await started.start();
      await once(
        started
          .create(recoveryJob)
          .unique({ name: recoveryJob }, { insertOnly: true })
          .repeatEvery('1 minute', { skipImmediate: true })
          .save(),
      );
      agenda = started;
    },

    async planOpening(at) {
      if (agenda === undefined) throw new AppError('schedule_not_started', 'Nothing can be planned yet.');
      const data = { at: at.toISOString() };
      await once(
        agenda
          .create(openingJob, data)
          .unique({ 'data.at': data.at }, { insertOnly: true })
          .schedule(at)
          .save(),
      );
    },

    async stop() {
      try {
        await agenda?.drain({ timeout: drainTimeout });
        // A job locked for later would stay locked for its whole lifetime.
        await db.collection(collection).updateMany({ lastModifiedBy: name }, { $set: { lockedAt: null } });
      } catch (error) {
        logger.warn({ err: error }, 'jobs were not unlocked and are free again in a minute');
      }
    },
  };
}

/** Another process may create the same job at the same time; one job is enough. */
async function once(saving: Promise<unknown>): Promise<void> {
  try {
    await saving;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}
