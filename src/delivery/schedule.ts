import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import { isDuplicateKey } from '../store/bulk.ts';
import type { Sweep } from './sweep.ts';

/** What keeps the time of everything that is not done at once. */
export type Schedule = { start(sweep: Sweep): Promise<void>; stop(): Promise<void> };

const collection = 'agendaJobs';
const sweepJob = 'sweep';

/** How long a process may take for a job before another one takes it for dead. Milliseconds. */
const lockLifetime = 60_000;

/** How long `stop` waits for a job under way. Milliseconds. */
const drainTimeout = 5000;

/**
 * The schedule on Agenda: one job, a sweep a minute, run by one process of all. Agenda is the clock and not the
 * truth: a job that runs twice or late does no harm.
 *
 * Its traps that are avoided here: without lock limits one process locks every job; errors are silent without a
 * listener; `every` frees the lock of a job that runs elsewhere, and `unique` has no index of its own.
 *
 * @param name names this process in Agenda's locks
 */
export function createSchedule({ db, name, logger }: { db: Db; name: string; logger: Logger }): Schedule {
  let agenda: Agenda | undefined;

  return {
    async start(sweep) {
      await db
        .collection(collection)
        .createIndex(
          { name: 1 },
          { name: 'one sweep', unique: true, partialFilterExpression: { name: sweepJob } },
        );
      agenda = new Agenda({
        backend: new MongoBackend({ mongo: db, collection }),
        name,
        defaultConcurrency: 1,
        maxConcurrency: 2,
        defaultLockLimit: 1,
        lockLimit: 2,
        defaultLockLifetime: lockLifetime,
      });
      agenda.on('error', (error: unknown) => logger.error({ err: error }, 'Agenda failed'));
      agenda.on('fail', (error: unknown) =>
        logger.error({ err: error }, 'a job failed and comes again in a minute'),
      );
      // With two parameters the handler is done when it says so.
      agenda.define(sweepJob, (_job, done) => {
        sweep().then(() => done(), done);
      });
      await agenda.start();
      await agenda
        .create(sweepJob)
        .unique({ name: sweepJob }, { insertOnly: true })
        .repeatEvery('1 minute', { skipImmediate: true })
        .save()
        .catch((error: unknown) => {
          // Another process made it in the same moment.
          if (!isDuplicateKey(error)) throw error;
        });
    },

    async stop() {
      try {
        await agenda?.drain({ timeout: drainTimeout });
        // What is locked for later would stay locked until its lifetime ends.
        await db.collection(collection).updateMany({ lastModifiedBy: name }, { $set: { lockedAt: null } });
      } catch (error) {
        logger.warn({ err: error }, 'the sweep was not given back and is free again in a minute');
      }
    },
  };
}
