import { setImmediate as tick } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { createIngest } from '../../src/delivery/ingest.ts';
import type { Receipt } from '../../src/delivery/record.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { sampleEvent } from '../support/sample-events.ts';

function eventsOf(...ids: string[]): PerlyEvent[] {
  return ids.map((id) => ({ ...sampleEvent('seed-example'), id }));
}

test('concurrent requests are recorded together, get their own receipts, and are scheduled afterwards', async () => {
  const log: string[] = [];
  const take = createIngest(
    async (events) => {
      log.push(`record ${events.map(({ id }) => id).join(' ')}`);
      const receipts = events.map(({ id }): Receipt => (id === 'known' ? 'duplicate' : 'accepted'));
      return { receipts, tenancies: [{ channelId: 'T1:C1', accountId: 'acct_demo' }], openings: [] };
    },
    ({ channelIds }) => log.push(`follow ${channelIds.join(' ')}`),
  );
  const post = async (...ids: string[]) => {
    const receipts = await take(eventsOf(...ids));
    log.push(`answer ${receipts.join(' ')}`);
  };
  await Promise.all([post('known', 'a'), post('b')]);
  await tick();
  expect(log).toEqual(['record known a b', 'answer duplicate accepted', 'answer accepted', 'follow T1:C1']);
});

test('a failed recording fails for every request in it, and schedules nothing', async () => {
  let scheduled = 0;
  const take = createIngest(
    () => Promise.reject(new Error('away')),
    () => {
      scheduled += 1;
    },
  );
  const answers = await Promise.allSettled([take(eventsOf('a')), take(eventsOf('b'))]);
  await tick();
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(scheduled).toBe(0);
});

test('requests that wait while the database is unreachable fail together, without waiting again', async () => {
  let recordings = 0;
  let fail = (_: unknown) => {};
  const away = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const take = createIngest(
    () => {
      recordings += 1;
      return away;
    },
    () => {},
  );
  const answers = [];
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    answers.push(take(eventsOf(id)));
    await tick();
  }
  const nobody = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 1 });
  await nobody.connect().catch(fail);
  const settled = await Promise.allSettled(answers);
  expect(settled.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
  expect(recordings).toBe(3);
});
