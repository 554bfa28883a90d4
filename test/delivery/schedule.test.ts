import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSchedule, type Schedule } from '../../src/delivery/schedule.ts';
import { openTestDatabase, type TestDatabase } from '../support/mongo.ts';

const logger = pino({ level: 'silent' });

let database: TestDatabase;
let schedules: Schedule[];
beforeEach(async () => {
  database = await openTestDatabase();
  schedules = [];
});
afterEach(async () => {
  for (const schedule of schedules) await schedule.stop();
  await database.close();
});

const jobs = () => database.db.collection('agendaJobs');

function createNamed(name: string): Schedule {
  const schedule = createSchedule({ db: database.db, name, logger });
  schedules.push(schedule);
  return schedule;
}

/** What the job of a minute from now would do, now: Agenda looks every five seconds. */
async function makeDue(): Promise<void> {
  await jobs().updateMany({ name: 'sweep' }, { $set: { nextRunAt: new Date() } });
}

describe('the schedule', () => {
  test('two processes that start at once, and one that starts again, make one job', async () => {
    await Promise.all([createNamed('p1').start(async () => {}), createNamed('p2').start(async () => {})]);
    const [made] = await jobs().find({ name: 'sweep' }).toArray();
    await createNamed('p3').start(async () => {});
    expect(await jobs().find({ name: 'sweep' }).toArray()).toMatchObject([
      { _id: made?._id, repeatInterval: '1 minute' },
    ]);
  });

  test('one of two processes sweeps, and again a minute later', async () => {
    const swept: string[] = [];
    for (const name of ['p1', 'p2'])
      await createNamed(name).start(async () => {
        swept.push(name);
      });
    await makeDue();
    await expect.poll(() => swept.length, { timeout: 15_000 }).toBe(1);
    await expect.poll(() => jobs().findOne({ name: 'sweep' })).toMatchObject({ lockedAt: null });
    const job = await database.db
      .collection<{ name: string; nextRunAt: Date; lastRunAt: Date }>('agendaJobs')
      .findOne({ name: 'sweep' });
    const pauseMs = (job?.nextRunAt.getTime() ?? 0) - (job?.lastRunAt.getTime() ?? 0);
    expect(pauseMs / 60_000).toBeCloseTo(1, 1);
    expect(swept).toHaveLength(1);
  });

  test('a sweep that throws comes again', async () => {
    let tries = 0;
    await createNamed('p1').start(async () => {
      tries += 1;
      if (tries === 1) throw new Error('the database is away');
    });
    await makeDue();
    await expect.poll(() => tries, { timeout: 15_000 }).toBe(1);
    await expect
      .poll(() => jobs().findOne({ name: 'sweep' }))
      .toMatchObject({ failCount: 1, lockedAt: null });
    await makeDue();
    await expect.poll(() => tries, { timeout: 15_000 }).toBe(2);
  });
});
