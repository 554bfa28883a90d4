import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda, backoffStrategies, InMemoryNotificationChannel } from 'agenda';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../../../dist/packages/embedded-mongo/src/embedded-mongo.js';

/** Agenda on the database that the app uses, woken at once by its channel in memory. Ids are not known. */
export async function startQueue({ engine, deliver }) {
  const embedded = engine.startsWith('mongodb') ? undefined : await startEmbeddedMongo({ dataDir: engine });
  const client = await new MongoClient(embedded?.uri ?? engine, {
    writeConcern: { w: 'majority', journal: true },
    ignoreUndefined: true,
  }).connect();
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo: client.db(), collection: 'jobs', ensureIndex: true }),
    notificationChannel: new InMemoryNotificationChannel(),
    processEvery: 1000,
    maxConcurrency: 64,
    defaultConcurrency: 64,
    defaultLockLimit: 128,
    lockLimit: 128,
    defaultLockLifetime: 60_000,
  });
  agenda.on('error', console.error);
  agenda.define('send', ({ attrs }) => deliver(attrs.data), {
    removeOnComplete: true,
    backoff: backoffStrategies.exponential({ delay: 30_000, maxRetries: 10 }),
  });
  await agenda.start();
  return {
    add: (jobs) => Promise.all(jobs.map(({ data }) => agenda.now('send', data))),
    async stop() {
      await agenda.drain(2000);
      await client.close();
      await embedded?.close();
    },
  };
}
