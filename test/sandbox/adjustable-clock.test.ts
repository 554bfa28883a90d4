import { describe, expect, test } from 'vitest';
import { createAdjustableClock } from '../../sandbox/adjustable-clock.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const hour = 3_600_000;

function setup() {
  const machine = createFakeClock();
  return { machine, clock: createAdjustableClock(machine), never: new AbortController().signal };
}

describe('the demo’s clock', () => {
  test('runs with the machine’s, ahead of it once it is advanced', async () => {
    const { machine, clock } = setup();
    clock.forward(hour);
    await machine.advance(1000);
    expect(clock.now().getTime() - machine.now().getTime()).toBe(hour);
    expect(clock.ahead).toBe(hour);
    clock.reset();
    expect(clock.now()).toEqual(machine.now());
  });

  test('wakes a sleep whose time is over, and lets the others sleep for the rest', async () => {
    const { machine, clock, never } = setup();
    const woken: string[] = [];
    void clock.sleep(hour, never).then(() => woken.push('short'));
    void clock.sleep(3 * hour, never).then(() => woken.push('long'));
    clock.forward(2 * hour);
    await machine.advance(0);
    expect(woken).toEqual(['short']);
    await machine.advance(hour - 1);
    expect(woken).toEqual(['short']);
    await machine.advance(1);
    expect(woken).toEqual(['short', 'long']);
  });

  test('never runs backwards for measurements', () => {
    const { clock } = setup();
    clock.forward(hour);
    const before = clock.monotonic();
    clock.reset();
    expect(clock.monotonic()).toBe(before);
  });

  test('ends an aborted sleep', async () => {
    const { clock } = setup();
    const stop = new AbortController();
    const sleep = clock.sleep(hour, stop.signal);
    stop.abort();
    await sleep;
  });
});
