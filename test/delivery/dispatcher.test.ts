import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../src/lib/time.ts';
import { setupDispatcher } from '../support/setup-dispatcher.ts';

describe('the dispatcher', () => {
  test('serves a channel at once, and again while there is more, at the pace', async () => {
    let left = 3;
    const { dispatcher, clock, sends, later } = setupDispatcher(() => ({
      kind: 'posted',
      until: later(1000),
      more: --left > 0,
    }));
    dispatcher.wake(['a']);
    await clock.advance(10_000);
    expect(sends).toEqual(['a@0', 'a@1', 'a@2']);
    await dispatcher.stop();
  });

  test('a channel woken during the pace is served when it ends, not before', async () => {
    const { dispatcher, clock, sends, later } = setupDispatcher(() => ({
      kind: 'posted',
      until: later(1000),
    }));
    dispatcher.wake(['a']);
    await clock.advance(300);
    dispatcher.wake(['a']);
    dispatcher.wake(['a']);
    await clock.advance(10_000);
    expect(sends).toEqual(['a@0', 'a@1']);
    await dispatcher.stop();
  });

  test('a channel that waits for a retry is served when woken, and at its time', async () => {
    const { dispatcher, clock, sends } = setupDispatcher((_, at) =>
      at < 30 ? { kind: 'waiting', until: new Date('2096-03-05T14:00:30Z') } : { kind: 'idle' },
    );
    dispatcher.wake(['a']);
    await clock.advance(4000);
    dispatcher.wake(['a']);
    await clock.advance(minuteMs);
    expect(sends).toEqual(['a@0', 'a@4', 'a@30']);
    await dispatcher.stop();
  });

  test('a channel never sends two messages at once, and none is missed', async () => {
    const { dispatcher, clock, sends, gate, openGates, maxRunning } = setupDispatcher(() => ({
      kind: 'idle',
    }));
    gate();
    dispatcher.wake(['a']);
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(sends).toEqual(['a@0']);
    dispatcher.wake(['a']);
    await openGates();
    await clock.advance(0);
    expect(sends).toEqual(['a@0', 'a@0']);
    expect(maxRunning()).toBe(1);
    await dispatcher.stop();
  });

  test.each(Array.from({ length: 20 }, (_, depth) => depth))(
    'a channel woken %i microtasks after its last message is served',
    async (depth) => {
      const wakeAfter = (left: number): void => {
        if (left === 0) dispatcher.wake(['a']);
        else queueMicrotask(() => wakeAfter(left - 1));
      };
      const { dispatcher, clock, sends } = setupDispatcher(() => {
        if (sends.length === 1) wakeAfter(depth);
        return { kind: 'idle' };
      });
      dispatcher.wake(['a']);
      await clock.advance(0);
      expect(sends).toEqual(['a@0', 'a@0']);
      await dispatcher.stop();
    },
  );

  test('at most `concurrency` channels send at once, and all get a turn', async () => {
    const channels = Array.from({ length: 100 }, (_, index) => `T${index}:C1`);
    const { dispatcher, sends, maxRunning } = setupDispatcher(() => ({ kind: 'idle' }), 4);
    dispatcher.wake(channels);
    while (sends.length < 100) await tick();
    expect(maxRunning()).toBe(4);
    expect(new Set(sends).size).toBe(100);
    await dispatcher.stop();
  });

  test('a workspace whose requests hang leaves slots to others', async () => {
    const { dispatcher, sends, gate, openGates } = setupDispatcher(() => ({ kind: 'idle' }), 8);
    gate();
    dispatcher.wake(Array.from({ length: 130 }, (_, index) => `T1:C${index}`));
    while (sends.length < 4) await tick();
    dispatcher.wake(['T2:C1', 'T2:C2']);
    while (sends.length < 6) await tick();
    expect(sends).toEqual(['T1:C0@0', 'T1:C1@0', 'T1:C2@0', 'T1:C3@0', 'T2:C1@0', 'T2:C2@0']);
    await openGates();
    await dispatcher.stop();
  });

  test('a channel that waits holds up no other', async () => {
    const { dispatcher, clock, sends, later } = setupDispatcher(
      (channelId) => (channelId === 'slow' ? { kind: 'posted', until: later(minuteMs) } : { kind: 'idle' }),
      1,
    );
    dispatcher.wake(['slow', 'a']);
    await clock.advance(10);
    expect(sends).toEqual(['slow@0', 'a@0']);
    await dispatcher.stop();
  });

  test('sending that throws is retried after a delay', async () => {
    let faults = 2;
    const { dispatcher, clock, sends } = setupDispatcher(() =>
      faults-- > 0 ? new Error('the database is away') : { kind: 'idle' },
    );
    dispatcher.wake(['a']);
    await clock.advance(minuteMs);
    expect(sends).toEqual(['a@0', 'a@5', 'a@10']);
    await dispatcher.stop();
  });

  test('stopping waits for the message in progress, ends the sleeps, and starts no other', async () => {
    const { dispatcher, clock, sends, gate, openGates, later } = setupDispatcher((channelId) => ({
      kind: 'posted',
      until: later(channelId === 'sleeper' ? hourMs : 0),
      more: true,
    }));
    dispatcher.wake(['sleeper']);
    await clock.advance(0);
    gate();
    dispatcher.wake(['worker']);
    await tick();
    let stopped = false;
    const stopping = dispatcher.stop().then(() => {
      stopped = true;
    });
    await tick();
    expect(stopped).toBe(false);
    await openGates();
    await stopping;
    dispatcher.wake(['late']);
    await tick();
    expect(sends).toEqual(['sleeper@0', 'worker@0']);
  });
});
