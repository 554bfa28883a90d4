import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import { openDatabase } from '../../../src/store/database.ts';

/** Uses what Agenda and its backend offer, on the database of `MONGODB_URI`. */
const database = await openDatabase(process.env.MONGODB_URI ?? '');
const backend = new MongoBackend({ mongo: database.db, logCollection: 'agendaLogs' });
const agenda = new Agenda({ backend, name: 'recording', processEvery: 100, logging: true });

const ended = new Promise<void>((resolve) => {
  agenda.define('last', (_job, done) => {
    resolve();
    done();
  });
});
agenda.define('failing', (_job, done) => done(new Error('on purpose')));
agenda.define('repeated', (job, done) => {
  job.touch(50).then(() => done(), done);
});

await agenda.start();
await agenda.every('1 minute', 'repeated');
await agenda.now('failing', { n: 1 });
const unique = () => agenda.create('never', { key: 1 }).unique({ 'data.key': 1 }, { insertOnly: true });
await unique().schedule('in 1 hour').save();
await unique().schedule('in 2 hours').save();
const job = await agenda.create('never', { key: 2 }).schedule('in 1 hour').priority('high').save();
await job.disable().save();
await agenda.disable({ name: 'never' });
await agenda.enable({ names: ['never'] });
await agenda.queryJobs({ name: 'never', search: 'nev', skip: 1, limit: 1 });
await agenda.queryJobs({ names: ['never', 'failing'], state: 'failed', sort: { nextRunAt: 'desc' } });
await agenda.getRunningStats(true);
await agenda.now('last', {});
await ended;
await agenda.cancel({ data: { key: 2 } });
await agenda.cancel({ notNames: ['last'] });
await agenda.purge();
await agenda.drain({ timeout: 1000 });
await agenda.stop();
await database.close();
process.exit();
