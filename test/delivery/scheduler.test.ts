import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../packages/embedded-mongo/test/support/open-test-database.ts';
import { createScheduler, type ScheduledWork, type Scheduler } from '../../src/delivery/scheduler.ts';
import { hourMs, minuteMs } from '../../src/lib/time.ts';

const logger = pino({ level: 'silent' });

let database: TestDatabase;
let schedules: Scheduler[];
beforeEach(async () => {
  database = await openTestDatabase();
  schedules = [];
});
afterEach(async () => {
  for (const scheduler of schedules) await scheduler.stop();
  await database.close();
});

const jobs = () => database.db.collection('agendaJobs');

function createNamed(name: string): Scheduler {
  const scheduler = createScheduler({ db: database.db, name, pollMs: 50, logger });
  schedules.push(scheduler);
  return scheduler;
}

function toWork(recover = async () => {}, open: ScheduledWork['open'] = async () => {}): ScheduledWork {
  return { recover, open };
}

async function makeDue(name = 'recovery'): Promise<void> {
  await jobs().updateMany({ name }, { $set: { nextRunAt: new Date() } });
}

describe('the schedule', () => {
  test('two processes that start at once, and one that restarts, create one job', async () => {
    await Promise.all([createNamed('p1').start(toWork()), createNamed('p2').start(toWork())]);
    const [made] = await jobs().find({ name: 'recovery' }).toArray();
    await createNamed('p3').start(toWork());
    expect(await jobs().find({ name: 'recovery' }).toArray()).toMatchObject([
      { _id: made?._id, repeatInterval: '1 minute' },
    ]);
  });

  test('one of two processes runs recovery, and again a minute later', async () => {
    const swept: string[] = [];
    for (const name of ['p1', 'p2'])
      await createNamed(name).start(
        toWork(async () => {
          swept.push(name);
        }),
      );
    await makeDue();
    await expect.poll(() => swept.length).toBe(1);
    await expect.poll(() => jobs().findOne({ name: 'recovery' })).toMatchObject({ lockedAt: null });
    const job = await database.db
      .collection<{ name: string; nextRunAt: Date; lastRunAt: Date }>('agendaJobs')
      .findOne({ name: 'recovery' });
    const pauseMs = (job?.nextRunAt.getTime() ?? 0) - (job?.lastRunAt.getTime() ?? 0);
    expect(pauseMs / minuteMs).toBeCloseTo(1, 1);
    expect(swept).toHaveLength(1);
  });

  test('a recovery that throws runs again', async () => {
    let tries = 0;
    await createNamed('p1').start(
      toWork(async () => {
        tries += 1;
        if (tries === 1) throw new Error('the database is away');
      }),
    );
    await makeDue();
    await expect.poll(() => tries).toBe(1);
    await expect
      .poll(() => jobs().findOne({ name: 'recovery' }))
      .toMatchObject({ failCount: 1, lockedAt: null });
    await makeDue();
    await expect.poll(() => tries).toBe(2);
  });

  test('an opening that many plan is one job, runs once, and is removed', async () => {
    const opened: Date[] = [];
    const at = new Date(Date.now() + hourMs);
    const schedules = ['p1', 'p2'].map(createNamed);
    for (const scheduler of schedules)
      await scheduler.start(
        toWork(undefined, async (planned) => {
          opened.push(planned);
        }),
      );
    await Promise.all([...schedules, ...schedules].map((scheduler) => scheduler.planOpening(at)));
    expect(await jobs().find({ name: 'opening' }).toArray()).toMatchObject([{ nextRunAt: at }]);
    await makeDue('opening');
    await expect.poll(() => opened).toEqual([at]);
    await expect.poll(() => jobs().countDocuments({ name: 'opening' })).toBe(0);
  });

  test('an opening does not run before its instant', async () => {
    const opened: boolean[] = [];
    const scheduler = createNamed('p1');
    await scheduler.start(
      toWork(undefined, async (planned) => {
        opened.push(Date.now() >= planned.getTime());
      }),
    );
    await scheduler.planOpening(new Date(Date.now() + 500));
    await expect.poll(() => opened).toEqual([true]);
  });

  test('an opening that throws is left to recovery', async () => {
    let tries = 0;
    const scheduler = createNamed('p1');
    await scheduler.start(
      toWork(undefined, async () => {
        tries += 1;
        throw new Error('the database is away');
      }),
    );
    await scheduler.planOpening(new Date());
    await expect.poll(() => tries).toBe(1);
    await expect.poll(() => jobs().countDocuments({ name: 'opening' })).toBe(0);
  });

  test('before the start nothing can be planned', async () => {
    await expect(createNamed('p1').planOpening(new Date())).rejects.toMatchObject({
      code: 'schedule_not_started',
    });
    expect(await jobs().countDocuments({})).toBe(0);
  });
});
