import { setImmediate as tick } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFairLimit } from '../../src/lib/fair-limit.ts';

/** Work ends on demand; records what was started and what is running. */
function setupLimit(max: number) {
  const limit = createFairLimit(max);
  const started: string[] = [];
  const asked: Promise<void>[] = [];
  const running: { key: string; end: () => void }[] = [];
  return {
    started,
    runningOf: (key: string) => running.filter((one) => one.key === key).length,
    total: () => running.length,
    asked,
    ask(key: string, times = 1): void {
      for (let index = 0; index < times; index++)
        asked.push(
          limit(key, () => {
            started.push(`${key}${index}`);
            return new Promise<void>((end) => running.push({ key, end }));
          }),
        );
    },
    async end(index = 0) {
      running.splice(index, 1)[0]?.end();
      await tick();
    },
  };
}

describe('a fair limit', () => {
  test.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [64, 32],
    [256, 128],
  ])('of %i slots a single key has %i, in its order', (max, share) => {
    const { ask, started } = setupLimit(max);
    ask('a', 300);
    expect(started).toEqual(Array.from({ length: share }, (_, index) => `a${index}`));
  });

  test('a new key starts at once, even if earlier work never ends: five may take all they can', () => {
    const { ask, started, runningOf } = setupLimit(64);
    const keys = ['a', 'b', 'c', 'd', 'e'];
    for (const key of keys) ask(key, 130);
    expect(keys.map(runningOf)).toEqual([32, 16, 8, 4, 2]);
    ask('late');
    expect(started.at(-1)).toBe('late0');
  });

  test('after several keys took all they could, shares differ by at most one as work ends', async () => {
    const { ask, end, runningOf } = setupLimit(64);
    const keys = ['a', 'b', 'c'];
    for (const key of keys) ask(key, 1000);
    for (let ended = 0; ended < 64; ended++) await end();
    expect(keys.map(runningOf)).toEqual([17, 16, 16]);
  });

  test('waiting keys take turns, however many items one of them has waiting', async () => {
    const { ask, started, end } = setupLimit(2);
    ask('x');
    ask('a', 100);
    ask('b', 3);
    ask('c', 1);
    for (let ended = 0; ended < 9; ended++) await end();
    expect(started).toEqual(['x0', 'a0', 'b0', 'a1', 'c0', 'b1', 'a2', 'b2', 'a3', 'a4']);
  });

  test('returns what the work returns, including errors, and continues', async () => {
    const limit = createFairLimit(1);
    const failed = limit('a', () => Promise.reject(new Error('no')));
    const threw = limit('a', () => {
      throw new Error('at once');
    });
    const plain = limit('a', () => 1);
    await expect(failed).rejects.toThrow('no');
    await expect(threw).rejects.toThrow('at once');
    expect(await plain).toBe(1);
    expect(await limit('b', async () => 2)).toBe(2);
  });

  test('in any order of starts and ends: never too much, a key without a slot waits only while all are taken, and all work runs', async () => {
    const step = fc.oneof(
      fc.record({ ask: fc.constantFrom('a', 'b', 'c', 'd', 'e'), times: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ end: fc.nat() }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.array(step, { maxLength: 40 }),
        async (max, steps) => {
          const { ask, end, total, runningOf, started, asked } = setupLimit(max);
          const timesOf = new Map<string, number>();

          for (const each of steps) {
            if ('ask' in each) {
              ask(each.ask, each.times);
              timesOf.set(each.ask, (timesOf.get(each.ask) ?? 0) + each.times);
            } else if (total() > 0) await end(each.end % total());
            expect(total()).toBeLessThanOrEqual(max);
            for (const [key, times] of timesOf) {
              const waits = started.filter((one) => one.startsWith(key)).length < times;
              if (waits && runningOf(key) === 0) expect(total()).toBe(max);
            }
          }
          while (total() > 0) await end();
          await Promise.all(asked);
        },
      ),
    );
  });
});
