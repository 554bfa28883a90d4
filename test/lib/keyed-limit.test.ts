import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createKeyedLimit } from '../../src/lib/keyed-limit.ts';

/** Work ends on demand. */
function setup(rejectsAll?: (error: unknown) => boolean) {
  const limit = createKeyedLimit({ maxPerKey: 2, ...(rejectsAll !== undefined && { rejectsAll }) });
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const run = (name: string, size = 1) =>
    limit(name.slice(0, 1), size, () => {
      begun.push(name);
      return new Promise<string>((resolve, reject) =>
        ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error))),
      );
    });
  return { run, begun, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

describe('a limit by key', () => {
  test('lets each key have its maximum in progress, and keeps its order', async () => {
    const { run, begun, end } = setup();
    const all = ['a1', 'a2', 'a3', 'a4', 'b1'].map((name) => run(name));
    expect(begun).toEqual(['a1', 'a2', 'b1']);
    end('a2');
    await tick();
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3']);
    for (const name of ['a1', 'a3', 'b1']) end(name);
    await tick();
    end('a4');
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1']);
  });

  test('runs larger work alone', async () => {
    const { run, begun, end } = setup();
    const all = [run('a1', 9), run('a2'), run('a3', 5)];
    expect(begun).toEqual(['a1']);
    end('a1');
    await tick();
    expect(begun).toEqual(['a1', 'a2']);
    end('a2');
    await tick();
    end('a3');
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3']);
  });

  test('continues after failed work', async () => {
    const { run, begun, end } = setup();
    const all = Promise.allSettled([run('a1', 2), run('a2', 2)]);
    end('a1', new Error('no'));
    await tick();
    expect(begun).toEqual(['a1', 'a2']);
    end('a2');
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  test('rejects everything that waits if an error concerns all of it', async () => {
    const { run, begun, end } = setup((error) => String(error) === 'Error: away');
    const all = Promise.allSettled(['a1', 'b1', 'a2', 'b2'].map((name) => run(name, 2)));
    end('a1', new Error('away'));
    await tick();
    expect(begun).toEqual(['a1', 'b1']);
    end('b1');
    expect((await all).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
  });
});
