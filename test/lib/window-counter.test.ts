import { expect, test } from 'vitest';
import { minuteMs } from '../../src/lib/time.ts';
import { createWindowCounter } from '../../src/lib/window-counter.ts';

function setupCounter(maxKeys: number) {
  const time = { now: 0 };
  return { time, counter: createWindowCounter({ now: () => time.now, maxKeys }) };
}

test('counts by key within a minute that starts with the first count', () => {
  const { time, counter } = setupCounter(10);
  time.now = 5;
  counter.add('a', 2);
  time.now = minuteMs;
  counter.add('a', 1);
  expect(counter.get('a')).toEqual({ count: 3, endsAt: minuteMs + 5 });
  expect(counter.get('b').count).toBe(0);
  time.now = minuteMs + 5;
  expect(counter.get('a').count).toBe(0);
});

test('above its maximum, forgets the key that was not used for longest', () => {
  const { counter } = setupCounter(2);
  counter.add('a', 1);
  counter.add('b', 1);
  counter.get('a');
  counter.add('c', 1);
  expect(['a', 'b', 'c'].map((key) => counter.get(key).count)).toEqual([1, 0, 1]);
});
