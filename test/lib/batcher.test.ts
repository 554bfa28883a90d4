import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createBatcher, FailedItem } from '../../src/lib/batcher.ts';

/** Runs end on demand; lingers only if told to. */
function setup(bounds: Parameters<typeof createBatcher<string, string>>[1]) {
  const runs: string[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const ask = createBatcher<string, string>(
    (items) => {
      runs.push([...items]);
      return new Promise((resolve, reject) => {
        ends.push((error) =>
          error === undefined ? resolve(items.map((item) => item.toUpperCase())) : reject(error),
        );
      });
    },
    { lingerMs: () => 0, ...bounds },
  );
  return { ask, runs, end: (error?: Error) => ends.shift()?.(error) };
}

describe('batched calls', () => {
  test('of one turn of the loop make one run, and each gets its own result', async () => {
    const { ask, runs, end } = setup({});
    const asked = Promise.all([ask('a'), ask('b')]);
    await tick();
    end();
    expect(await asked).toEqual(['A', 'B']);
    expect(runs).toEqual([['a', 'b']]);
  });

  test('wait while enough runs are in progress, and then share one', async () => {
    const { ask, runs, end } = setup({ concurrency: 2 });
    const asked: Promise<string>[] = [];
    for (const item of ['a', 'b', 'c', 'd']) {
      asked.push(ask(item));
      await tick();
    }
    expect(runs).toEqual([['a'], ['b']]);
    end();
    await asked[0];
    await tick();
    expect(runs).toEqual([['a'], ['b'], ['c', 'd']]);
    end();
    end();
    expect(await Promise.all(asked)).toEqual(['A', 'B', 'C', 'D']);
  });

  test('that are too many for one run make several, in order; one that is too large goes alone', async () => {
    const { ask, runs, end } = setup({ maxBatchSize: 3, sizeOf: ({ length }) => length });
    const asked = Promise.all(['aa', 'b', 'c', 'dddd', 'e'].map(ask));
    for (let rounds = 0; rounds < 8; rounds++) {
      await tick();
      end();
    }
    expect(await asked).toEqual(['AA', 'B', 'C', 'DDDD', 'E']);
    expect(runs).toEqual([['aa', 'b'], ['c'], ['dddd'], ['e']]);
  });

  test('that fail reject all of them, and the next ones continue', async () => {
    const { ask, runs, end } = setup({ concurrency: 1 });
    const failed = Promise.allSettled([ask('a'), ask('b')]);
    await tick();
    const next = ask('c');
    end(new Error('away'));
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await tick();
    end();
    expect(await next).toBe('C');
    expect(runs).toEqual([['a', 'b'], ['c']]);
  });

  test('that fail alone do not fail the others of their run', async () => {
    const ask = createBatcher<string, string>(async (items) =>
      items.map((item) => (item === 'b' ? new FailedItem(new Error('b is bad')) : item)),
    );
    expect(await Promise.allSettled(['a', 'b', 'c'].map(ask))).toEqual([
      { status: 'fulfilled', value: 'a' },
      { status: 'rejected', reason: new Error('b is bad') },
      { status: 'fulfilled', value: 'c' },
    ]);
  });

  test('whose run fails because of one of them are retried, each alone', async () => {
    const runs: string[][] = [];
    const ask = createBatcher<string, string>(
      async (items) => {
        runs.push([...items]);
        if (items.includes('b')) throw new Error('b is bad');
        return items;
      },
      { isolates: (error) => String(error) === 'Error: b is bad' },
    );
    const settled = await Promise.allSettled(['a', 'b', 'c'].map(ask));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(runs).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  test('that wait reject with a run whose error would fail them too', async () => {
    const { ask, runs, end } = setup({
      concurrency: 1,
      rejectsAll: (error) => String(error) === 'Error: away',
    });
    const asked = [ask('a')];
    await tick();
    asked.push(ask('b'));
    const failed = Promise.allSettled(asked);
    end(new Error('away'));
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = ask('c');
    await tick();
    end();
    expect(await next).toBe('C');
    expect(runs).toEqual([['a'], ['c']]);
  });

  test('linger under load until more have arrived, and no longer than the maximum', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { ask, runs, end } = setup({ lingerMs: () => 20 });
    const asked = [ask('a'), ask('b')];
    await tick();
    asked.push(ask('c'));
    await tick();
    vi.advanceTimersByTime(19);
    asked.push(ask('d'));
    expect(runs).toEqual([['a', 'b']]);
    vi.advanceTimersByTime(1);
    expect(runs).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    end();
    end();
    expect(await Promise.all(asked)).toEqual(['A', 'B', 'C', 'D']);
  });

  test('do not linger after a single call, nor after a full run', async () => {
    const { ask, runs, end } = setup({ lingerMs: () => 60_000, maxBatchSize: 2 });
    const asked = [ask('a')];
    await tick();
    asked.push(ask('b'), ask('c'), ask('d'));
    await tick();
    await tick();
    expect(runs).toEqual([['a'], ['b', 'c'], ['d']]);
    for (const _ of runs) end();
    await Promise.all(asked);
  });
});
