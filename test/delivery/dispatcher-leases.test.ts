import { setImmediate as settle } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { SendResult } from '../../src/delivery/send-next-message.ts';
import { setupDispatcher } from '../support/setup-dispatcher.ts';

/** A channel that holds nothing. */
const plain = { _id: 'a', mayHold: false, toSendable: () => undefined, readAt: 0 };

describe('the dispatcher and its leases', () => {
  test('an expected channel has its lease and no turn until it is woken', async () => {
    const { dispatcher, clock, turns, leases } = setupDispatcher(() => ({ kind: 'idle' }));
    dispatcher.preacquireLeases([plain]);
    dispatcher.preacquireLeases([plain]);
    await clock.advance(2000);
    expect({ turns, taken: leases.taken }).toEqual({ turns: [], taken: ['a'] });
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect({ turns, taken: leases.taken }).toEqual({ turns: ['a@2'], taken: ['a'] });
    await dispatcher.stop();
    expect(leases.setupBack).toEqual(['a']);
  });

  test('only the first turn of an expected channel that holds nothing looks for nothing held', async () => {
    const { dispatcher, clock, looked, later } = setupDispatcher((_, at) =>
      at < 2 ? { kind: 'posted', until: later(1000), more: true } : { kind: 'idle' },
    );
    dispatcher.preacquireLeases([plain, { ...plain, _id: 'b', mayHold: true }]);
    dispatcher.wake(['a', 'b']);
    await clock.advance(3000);
    expect(looked).toEqual([false, true, true, true, true, true]);
    await dispatcher.stop();
  });

  test('a lease that another process had when the channel was expected is asked for again', async () => {
    const { dispatcher, clock, turns, leases } = setupDispatcher(() => ({ kind: 'idle' }));
    leases.denied.add('a');
    dispatcher.preacquireLeases([plain]);
    await clock.advance(10);
    leases.denied.delete('a');
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(turns).toHaveLength(1);
    await dispatcher.stop();
  });

  test('an expected channel that is never woken is let go at the stop', async () => {
    const { dispatcher, clock, turns, leases } = setupDispatcher(() => ({ kind: 'idle' }));
    dispatcher.preacquireLeases([plain]);
    await clock.advance(10);
    await dispatcher.stop();
    expect({ turns, setupBack: leases.setupBack }).toEqual({ turns: [], setupBack: ['a'] });
  });

  test('woken between its pace and its round, a channel goes on with the lease that it has', async () => {
    const { dispatcher, clock, turns, leases, later } = setupDispatcher((_, at) =>
      at > 1 ? { kind: 'idle' } : { kind: 'posted', until: later(1010) },
    );
    dispatcher.wake(['a']);
    await clock.advance(1050);
    dispatcher.wake(['a']);
    await clock.advance(1000);
    expect({ turns, taken: leases.taken }).toEqual({ turns: ['a@0', 'a@1.05'], taken: ['a'] });
    await dispatcher.stop();
  });

  test('without the lease there is no turn, and when woken again it is asked for again', async () => {
    const { dispatcher, clock, turns, leases } = setupDispatcher(() => ({ kind: 'idle' }));
    leases.denied.add('a');
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(turns).toEqual([]);
    leases.denied.clear();
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(turns).toEqual(['a@0']);
    expect(leases.setupBack).toEqual(['a']);
    await dispatcher.stop();
  });

  test('what another process recorded while this one had the lease is found after it is given back', async () => {
    const { dispatcher, clock, turns, leases, due } = setupDispatcher(() => ({ kind: 'idle' }));
    due.push('a');
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(turns).toEqual(['a@0', 'a@0']);
    expect(leases.setupBack).toEqual(['a', 'a']);
    await dispatcher.stop();
  });

  test('a channel that Slack asked to wait gives its lease back, though something is due, until the wait ends', async () => {
    const { dispatcher, clock, leases, turns, due } = setupDispatcher((_, at) =>
      at < 900 ? { kind: 'blocked', until: new Date('2096-03-05T14:15:00Z') } : { kind: 'idle' },
    );
    due.push('a');
    dispatcher.wake(['a']);
    await clock.advance(0);
    dispatcher.wake(['a']);
    await clock.advance(899_000);
    expect({ turns, setupBack: leases.setupBack }).toEqual({ turns: ['a@0', 'a@0'], setupBack: ['a', 'a'] });
    due.length = 0;
    await clock.advance(2000);
    expect(turns).toEqual(['a@0', 'a@0', 'a@900']);
    await dispatcher.stop();
  });

  test('a lease is kept while the channel rests after a message, and given back while it waits for a retry', async () => {
    const answers: Partial<SendResult>[] = [
      { kind: 'posted', until: new Date('2096-03-05T14:00:01Z'), more: true },
      { kind: 'waiting', until: new Date('2096-03-05T14:10:00Z') },
      { kind: 'idle' },
    ];
    const { dispatcher, clock, leases, turns } = setupDispatcher(() => answers.shift() ?? { kind: 'idle' });
    dispatcher.wake(['a']);
    await clock.advance(500);
    expect(leases.setupBack).toEqual([]);
    await clock.advance(1000);
    expect(leases.setupBack).toEqual(['a']);
    await clock.advance(3_600_000);
    expect(turns).toEqual(['a@0', 'a@1', 'a@600']);
    expect(leases.taken).toEqual(['a', 'a']);
    await dispatcher.stop();
  });

  test('a turn that is under way at the stop has no lease to send with any more', async () => {
    const { dispatcher, clock, held, gate, openGates, leases } = setupDispatcher(() => ({ kind: 'idle' }));
    dispatcher.wake(['early']);
    await clock.advance(0);
    gate();
    dispatcher.wake(['late']);
    await settle();
    const stopped = dispatcher.stop();
    await openGates();
    await stopped;
    expect(held).toEqual([true, false]);
    expect(leases.setupBack).toEqual(['early', 'late']);
  });

  test('a channel whose lease could not be taken with others is tried again', async () => {
    const { dispatcher, clock, leases, turns } = setupDispatcher(() => ({ kind: 'idle' }));
    leases.failure = new Error('the database is away');
    dispatcher.preacquireLeases([plain]);
    dispatcher.wake(['a']);
    await clock.advance(10_000);
    expect(turns).toEqual(['a@0']);
    await dispatcher.stop();
  });
});
