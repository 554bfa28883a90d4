import { expect, test } from 'vitest';
import { createIngest } from '../../src/delivery/ingest.ts';
import type { Recorded } from '../../src/delivery/record.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { sampleEvent } from '../support/sample-events.ts';

/** With ids from `from` on. */
function eventsOf(account: string, count: number, from = 0): PerlyEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    ...sampleEvent('seed-example'),
    id: `${account}${from + index}`,
    account_id: account,
  }));
}

/** Recordings end on demand: `runs` lists how many events of which account each had. */
function setup() {
  const runs: Record<string, number>[] = [];
  const ends: (() => void)[] = [];
  const ingest = createIngest(
    (events) => {
      const counts: Record<string, number> = {};
      for (const { account_id: id } of events) counts[id] = (counts[id] ?? 0) + 1;
      runs.push(counts);
      return new Promise<Recorded>((resolve) => {
        const receipts = events.map(({ id }) =>
          id.endsWith('7') ? ('duplicate' as const) : ('accepted' as const),
        );
        ends.push(() => resolve({ receipts, tenancies: [], openings: [] }));
      });
    },
    () => {},
  );
  /** Ends recordings as they start, until the condition holds. */
  async function endRunsUntil(condition: () => boolean): Promise<void> {
    await expect
      .poll(
        () => {
          for (const end of ends.splice(0)) end();
          return condition();
        },
        { interval: 1 },
      )
      .toBe(true);
  }
  /** Ends recordings as they start, until the work resolves. */
  async function finish<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    await endRunsUntil(() => isOver);
    return work;
  }
  return { ingest, runs, endRunsUntil, finish };
}

test('one event is recorded at once while another account has ten batches of 1,000 before it', async () => {
  const { ingest, runs, finish } = setup();
  const batches = Array.from({ length: 10 }, (_, index) => ingest(eventsOf('a', 1000, index * 1000)));
  await expect.poll(() => runs).toEqual([{ a: 100 }]);
  const single = ingest(eventsOf('b', 1));
  await expect.poll(() => runs).toEqual([{ a: 100 }, { b: 1 }]);
  await finish(single);
  expect((await finish(Promise.all(batches))).map(({ length }) => length)).toEqual(Array(10).fill(1000));
  expect(runs.filter(({ b }) => b !== undefined)).toHaveLength(1);
  expect(Math.max(...runs.map(({ a = 0 }) => a))).toBe(100);
});

test('accounts that keep posting batches take turns, and a single event waits for at most one of them', async () => {
  const { ingest, runs, endRunsUntil, finish } = setup();
  const hostile = ['a', 'c', 'd', 'e', 'f'];
  const batches = hostile.flatMap((account) =>
    [0, 1, 2].map((at) => ingest(eventsOf(account, 1000, at * 1000))),
  );
  const single = ingest(eventsOf('b', 1));
  const position = () => runs.findIndex(({ b }) => b !== undefined);
  await endRunsUntil(() => position() >= 0);
  const before = runs.slice(0, position());
  for (const account of hostile) {
    const recorded = before.reduce((sum, run) => sum + (run[account] ?? 0), 0);
    expect(recorded).toBeLessThanOrEqual(100);
  }
  await finish(Promise.all([single, ...batches]));
});

test('each event of a large batch of several accounts gets its own receipt', async () => {
  const { ingest, finish } = setup();
  const events = Array.from({ length: 500 }, (_, index) => [
    ...eventsOf('a', 1, index),
    ...eventsOf('b', 1, index),
  ]).flat();
  expect(await finish(ingest(events))).toEqual(
    events.map(({ id }) => (id.endsWith('7') ? 'duplicate' : 'accepted')),
  );
});
