import { describe, expect, test } from 'vitest';
import { createBodyBudget } from '../../src/lib/body-budget.ts';

/** A budget of 10 bytes. */
function setup() {
  const budget = createBodyBudget(10);
  const evicted: string[] = [];
  return {
    budget,
    evicted,
    open: (name: string, address = '192.0.2.1') => budget.open(address, () => evicted.push(name)),
  };
}

describe('the budget of bodies that are being read', () => {
  test('evicts the oldest body when there is no room left, and no more than it has to', () => {
    const { budget, evicted, open } = setup();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => open(name));
    b?.resize(4);
    a?.resize(4);
    c?.resize(2);
    expect(evicted).toEqual([]);
    c?.resize(3);
    expect(evicted).toEqual(['b']);
    expect(budget.used()).toBe(7);
  });

  test('frees the memory of a body that was read', () => {
    const { budget, evicted, open } = setup();
    const a = open('a');
    a.resize(10);
    a.release();
    a.release();
    open('b').resize(10);
    expect(evicted).toEqual([]);
    expect(budget.used()).toBe(10);
  });

  test('evicts a body that takes all of it if it is the oldest, and allocates nothing for it afterwards', () => {
    const { budget, evicted, open } = setup();
    const a = open('a');
    a.resize(11);
    a.resize(5);
    expect(evicted).toEqual(['a']);
    expect(budget.used()).toBe(0);
  });

  test('evicts from the address that holds the most, oldest first, and nothing from others', () => {
    const { budget, evicted, open } = setup();
    open('honest', '192.0.2.2').resize(4);
    for (const name of ['a', 'b', 'c', 'd', 'e']) open(name).resize(3);
    expect(evicted).toEqual(['a', 'b', 'c']);
    open('large', '192.0.2.3').resize(7);
    expect(evicted).toEqual(['a', 'b', 'c', 'large']);
    expect(budget.used()).toBe(10);
  });

  test('forgets an address without bodies', () => {
    const { evicted, open } = setup();
    const a = open('a');
    a.resize(9);
    a.release();
    open('b', '192.0.2.2').resize(4);
    open('c').resize(3);
    open('d').resize(4);
    expect(evicted).toEqual(['c']);
  });

  test('leaves bodies without data', () => {
    const { evicted, open } = setup();
    open('idle');
    open('a').resize(10);
    open('b').resize(1);
    expect(evicted).toEqual(['a']);
  });
});
