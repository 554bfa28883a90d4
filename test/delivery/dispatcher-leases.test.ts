import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { SendResult } from '../../src/delivery/send-next-message.ts';
import { setupDispatcher } from '../support/setup-dispatcher.ts';

const plain = { _id: 'a', mayHold: false, toSendable: () => undefined, readAt: 0 };

describe('the dispatcher and its leases', () => {
  test('an expected channel has its lease but sends nothing until it is woken', async () => {
    const { dispatcher, clock, sends, leases } = setupDispatcher(() => ({ kind: 'idle' }));
    dispatcher.preacquireLeases([plain]);
    dispatcher.preacquireLeases([plain]);
    await clock.advance(2000);
    expect({ sends, acquired: leases.acquired }).toEqual({ sends: [], acquired: ['a'] });
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect({ sends, acquired: leases.acquired }).toEqual({ sends: ['a@2'], acquired: ['a'] });
    await dispatcher.stop();
    expect(leases.released).toEqual(['a']);
  });

  test('only the first message of an expected channel without held deliveries skips looking for them', async () => {
    const { dispatcher, clock, looksForHeld, later } = setupDispatcher((_, at) =>
      at < 2 ? { kind: 'posted', until: later(1000), more: true } : { kind: 'idle' },
    );
    dispatcher.preacquireLeases([plain, { ...plain, _id: 'b', mayHold: true }]);
    dispatcher.wake(['a', 'b']);
    await clock.advance(3000);
    expect(looksForHeld).toEqual([false, true, true, true, true, true]);
    await dispatcher.stop();
  });

  test('a lease that another process had when the channel was expected is requested again', async () => {
    const { dispatcher, clock, sends, leases } = setupDispatcher(() => ({ kind: 'idle' }));
    leases.denied.add('a');
    dispatcher.preacquireLeases([plain]);
    await clock.advance(10);
    leases.denied.delete('a');
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(sends).toHaveLength(1);
    await dispatcher.stop();
  });

  test('an expected channel that is never woken is released at the stop', async () => {
    const { dispatcher, clock, sends, leases } = setupDispatcher(() => ({ kind: 'idle' }));
    dispatcher.preacquireLeases([plain]);
    await clock.advance(10);
    await dispatcher.stop();
    expect({ sends, released: leases.released }).toEqual({ sends: [], released: ['a'] });
  });

  test('a channel woken between its pace and its release keeps its lease', async () => {
    const { dispatcher, clock, sends, leases, later } = setupDispatcher((_, at) =>
      at > 1 ? { kind: 'idle' } : { kind: 'posted', until: later(1010) },
    );
    dispatcher.wake(['a']);
    await clock.advance(1050);
    dispatcher.wake(['a']);
    await clock.advance(1000);
    expect({ sends, acquired: leases.acquired }).toEqual({ sends: ['a@0', 'a@1.05'], acquired: ['a'] });
    await dispatcher.stop();
  });

  test('without the lease nothing is sent, and when woken again the channel requests it again', async () => {
    const { dispatcher, clock, sends, leases } = setupDispatcher(() => ({ kind: 'idle' }));
    leases.denied.add('a');
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(sends).toEqual([]);
    leases.denied.clear();
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(sends).toEqual(['a@0']);
    expect(leases.released).toEqual(['a']);
    await dispatcher.stop();
  });

  test('what another process recorded while this one had the lease is found after its release', async () => {
    const { dispatcher, clock, sends, leases, due } = setupDispatcher(() => ({ kind: 'idle' }));
    due.push('a');
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(sends).toEqual(['a@0', 'a@0']);
    expect(leases.released).toEqual(['a', 'a']);
    await dispatcher.stop();
  });

  test('what is due is looked for after a message only if another process wanted the lease', async () => {
    const { dispatcher, clock, sends, leases, due, later } = setupDispatcher(() => ({
      kind: 'posted',
      until: later(1000),
    }));
    due.push('a');
    dispatcher.wake(['a']);
    await clock.advance(1100);
    expect({ sends, released: leases.released, due }).toEqual({
      sends: ['a@0'],
      released: ['a'],
      due: ['a'],
    });
    leases.wanted.add('a');
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(sends).toEqual(['a@0', 'a@1.1']);
    await clock.advance(1100);
    expect(sends).toEqual(['a@0', 'a@1.1', 'a@2.1']);
    expect(due).toEqual([]);
    await dispatcher.stop();
  });

  test('what a process whose clock is ahead recorded is sent once it is due, if that process wanted the lease', async () => {
    const { dispatcher, clock, sends, leases, dueAt, later } = setupDispatcher((_, at) => {
      if (at < 3) return { kind: 'posted', until: later(1000) };
      dueAt.clear();
      return { kind: 'idle' };
    });
    dueAt.set('a', later(3000));
    leases.wanted.add('a');
    dispatcher.wake(['a']);
    await clock.advance(2900);
    expect({ sends, released: leases.released }).toEqual({ sends: ['a@0'], released: ['a'] });
    await clock.advance(1000);
    expect(sends).toEqual(['a@0', 'a@3']);
    await dispatcher.stop();
  });

  test('what is due later does not delay a retry that is due before', async () => {
    const answers: Partial<SendResult>[] = [
      { kind: 'waiting', until: new Date('2096-03-05T14:00:02Z') },
      { kind: 'idle' },
    ];
    const { dispatcher, clock, sends, leases, dueAt, later } = setupDispatcher(
      () => answers.shift() ?? { kind: 'idle' },
    );
    dueAt.set('a', later(60_000));
    leases.wanted.add('a');
    dispatcher.wake(['a']);
    await clock.advance(3000);
    expect(sends).toEqual(['a@0', 'a@2']);
    await dispatcher.stop();
  });

  test('a channel that Slack asked to wait releases its lease until the wait ends, even if something is due', async () => {
    const { dispatcher, clock, leases, sends, due } = setupDispatcher((_, at) =>
      at < 900 ? { kind: 'blocked', until: new Date('2096-03-05T14:15:00Z') } : { kind: 'idle' },
    );
    due.push('a');
    dispatcher.wake(['a']);
    await clock.advance(0);
    dispatcher.wake(['a']);
    await clock.advance(899_000);
    expect({ sends, released: leases.released }).toEqual({ sends: ['a@0', 'a@0'], released: ['a', 'a'] });
    due.length = 0;
    await clock.advance(2000);
    expect(sends).toEqual(['a@0', 'a@0', 'a@900']);
    await dispatcher.stop();
  });

  test('a lease is kept during the pace after a message, and released while the channel waits for a retry', async () => {
    const answers: Partial<SendResult>[] = [
      { kind: 'posted', until: new Date('2096-03-05T14:00:01Z'), more: true },
      { kind: 'waiting', until: new Date('2096-03-05T14:10:00Z') },
      { kind: 'idle' },
    ];
    const { dispatcher, clock, leases, sends } = setupDispatcher(() => answers.shift() ?? { kind: 'idle' });
    dispatcher.wake(['a']);
    await clock.advance(500);
    expect(leases.released).toEqual([]);
    await clock.advance(1000);
    expect(leases.released).toEqual(['a']);
    await clock.advance(3_600_000);
    expect(sends).toEqual(['a@0', 'a@1', 'a@600']);
    expect(leases.acquired).toEqual(['a', 'a']);
    await dispatcher.stop();
  });

  test('a message that is in progress at the stop can no longer be sent with its lease', async () => {
    const { dispatcher, clock, held, gate, openGates, leases } = setupDispatcher(() => ({ kind: 'idle' }));
    dispatcher.wake(['early']);
    await clock.advance(0);
    gate();
    dispatcher.wake(['late']);
    await tick();
    const stopped = dispatcher.stop();
    await openGates();
    await stopped;
    expect(held).toEqual([true, false]);
    expect(leases.released).toEqual(['early', 'late']);
  });

  test('at the stop, a channel whose lease another process wanted is left to it', async () => {
    const { dispatcher, clock, leases, later } = setupDispatcher(() => ({
      kind: 'posted',
      until: later(1000),
    }));
    dispatcher.wake(['a', 'b']);
    await clock.advance(0);
    leases.wanted.add('a');
    await dispatcher.stop();
    expect(leases).toMatchObject({ released: ['a', 'b'], offered: ['a'] });
  });

  test('a channel whose lease could not be acquired with others is retried', async () => {
    const { dispatcher, clock, leases, sends } = setupDispatcher(() => ({ kind: 'idle' }));
    leases.failure = new Error('the database is away');
    dispatcher.preacquireLeases([plain]);
    dispatcher.wake(['a']);
    await clock.advance(10_000);
    expect(sends).toEqual(['a@0']);
    await dispatcher.stop();
  });
});
