import { setImmediate as settle } from 'node:timers/promises';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { createDispatcher } from '../../src/delivery/dispatch.ts';
import type { Lease, LeaseKeeper } from '../../src/delivery/lease-keeper.ts';
import type { Turn, TurnResult } from '../../src/delivery/turn.ts';
import { createTurnedClock } from '../support/turned-clock.ts';

const logger = pino({ level: 'silent' });
/** A channel that holds nothing. */
const plain = { _id: 'a', mayHold: false, toSendable: () => undefined };

/** A dispatcher whose turns answer from a list and are written down as `channel@second`. */
function given(answers: (channelId: string, at: number) => Partial<TurnResult> | Error, width = 10) {
  const clock = createTurnedClock();
  const start = clock.now().getTime();
  const turns: string[] = [];
  const gates: (() => void)[] = [];
  let running = 0;
  let most = 0;
  let gated = false;
  const leases = { denied: new Set<string>(), taken: [] as string[], givenBack: [] as string[] };
  const due: string[] = [];
  async function take(channelId: string): Promise<Lease | undefined> {
    leases.taken.push(channelId);
    if (leases.denied.has(channelId)) return undefined;
    return {
      channel: { id: channelId, webhookUrl: '', connectedAt: clock.now(), brokenAt: null },
      isHeld: () => true,
    };
  }
  const keeper: LeaseKeeper = {
    take,
    async takeAll(channels) {
      const found = new Map<string, Lease>();
      for (const { _id } of channels) {
        const lease = await take(_id);
        if (lease !== undefined) found.set(_id, lease);
      }
      return found;
    },
    async giveBack({ channel }) {
      leases.givenBack.push(channel.id);
    },
    start() {},
    async stop() {},
  };
  const deliveries = {
    async hasDue(channelId: string) {
      const [found] = due.splice(due.indexOf(channelId), due.includes(channelId) ? 1 : 0);
      return found !== undefined;
    },
  };
  const looked: boolean[] = [];
  const turn: Turn = async ({ channel: { id: channelId } }, look) => {
    looked.push(look?.forHeld ?? true);
    const at = (clock.now().getTime() - start) / 1000;
    turns.push(`${channelId}@${at}`);
    most = Math.max(most, ++running);
    await (gated ? new Promise<void>((open) => gates.push(open)) : settle());
    running--;
    const answer = answers(channelId, at);
    if (answer instanceof Error) throw answer;
    return { until: clock.now(), more: false, ...answer } as TurnResult;
  };
  const later = (ms: number) => new Date(clock.now().getTime() + ms);
  return {
    clock,
    turns,
    looked,
    later,
    leases,
    due,
    dispatcher: createDispatcher({ keeper, turn, deliveries, width, clock, logger }),
    most: () => most,
    gate: () => {
      gated = true;
    },
    openGates: async () => {
      gated = false;
      for (const open of gates.splice(0)) open();
      await settle();
    },
  };
}

describe('the dispatcher', () => {
  test('serves a channel at once, and again while there is more, at the pace', async () => {
    let left = 3;
    const { dispatcher, clock, turns, later } = given(() => ({
      kind: 'posted',
      until: later(1000),
      more: --left > 0,
    }));
    dispatcher.wake(['a']);
    await clock.advance(10_000);
    expect(turns).toEqual(['a@0', 'a@1', 'a@2']);
    await dispatcher.stop();
  });

  test('an expected channel has its lease and no turn until it is woken', async () => {
    const { dispatcher, clock, turns, leases } = given(() => ({ kind: 'idle' }));
    dispatcher.expect([plain]);
    dispatcher.expect([plain]);
    await clock.advance(2000);
    expect({ turns, taken: leases.taken }).toEqual({ turns: [], taken: ['a'] });
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect({ turns, taken: leases.taken }).toEqual({ turns: ['a@2'], taken: ['a'] });
    await dispatcher.stop();
    expect(leases.givenBack).toEqual(['a']);
  });

  test('only the first turn of an expected channel that holds nothing looks for nothing held', async () => {
    const { dispatcher, clock, looked, later } = given((_, at) =>
      at < 2 ? { kind: 'posted', until: later(1000), more: true } : { kind: 'idle' },
    );
    dispatcher.expect([plain, { ...plain, _id: 'b', mayHold: true }]);
    dispatcher.wake(['a', 'b']);
    await clock.advance(3000);
    expect(looked).toEqual([false, true, true, true, true, true]);
    await dispatcher.stop();
  });

  test('a lease that another process had when the channel was expected is asked for again', async () => {
    const { dispatcher, clock, turns, leases } = given(() => ({ kind: 'idle' }));
    leases.denied.add('a');
    dispatcher.expect([plain]);
    await clock.advance(10);
    leases.denied.delete('a');
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(turns).toHaveLength(1);
    await dispatcher.stop();
  });

  test('an expected channel that is never woken is let go at the stop', async () => {
    const { dispatcher, clock, turns, leases } = given(() => ({ kind: 'idle' }));
    dispatcher.expect([plain]);
    await clock.advance(10);
    await dispatcher.stop();
    expect({ turns, givenBack: leases.givenBack }).toEqual({ turns: [], givenBack: ['a'] });
  });

  test('woken between its pace and its round, a channel goes on with the lease that it has', async () => {
    const { dispatcher, clock, turns, leases, later } = given((_, at) =>
      at > 1 ? { kind: 'idle' } : { kind: 'posted', until: later(1010) },
    );
    dispatcher.wake(['a']);
    await clock.advance(1050);
    dispatcher.wake(['a']);
    await clock.advance(1000);
    expect({ turns, taken: leases.taken }).toEqual({ turns: ['a@0', 'a@1.05'], taken: ['a'] });
    await dispatcher.stop();
  });

  test('whoever is woken during the pace is served when it ends, not before', async () => {
    const { dispatcher, clock, turns, later } = given(() => ({ kind: 'posted', until: later(1000) }));
    dispatcher.wake(['a']);
    await clock.advance(300);
    dispatcher.wake(['a']);
    dispatcher.wake(['a']);
    await clock.advance(10_000);
    expect(turns).toEqual(['a@0', 'a@1']);
    await dispatcher.stop();
  });

  test('a channel that waits for a retry is served when woken, and at its time', async () => {
    const { dispatcher, clock, turns } = given((_, at) =>
      at < 30 ? { kind: 'waiting', until: new Date('2096-03-05T14:00:30Z') } : { kind: 'idle' },
    );
    dispatcher.wake(['a']);
    await clock.advance(4000);
    dispatcher.wake(['a']);
    await clock.advance(60_000);
    expect(turns).toEqual(['a@0', 'a@4', 'a@30']);
    await dispatcher.stop();
  });

  test('never two turns at once for a channel, and none is missed', async () => {
    const { dispatcher, clock, turns, gate, openGates, most } = given(() => ({ kind: 'idle' }));
    gate();
    dispatcher.wake(['a']);
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(turns).toEqual(['a@0']);
    dispatcher.wake(['a']);
    await openGates();
    await clock.advance(0);
    expect(turns).toEqual(['a@0', 'a@0']);
    expect(most()).toBe(1);
    await dispatcher.stop();
  });

  test.each(Array.from({ length: 20 }, (_, depth) => depth))(
    'a channel woken %i microtasks after the end of its last turn is served',
    async (depth) => {
      const wakeAfter = (left: number): void => {
        if (left === 0) dispatcher.wake(['a']);
        else queueMicrotask(() => wakeAfter(left - 1));
      };
      const { dispatcher, clock, turns } = given(() => {
        if (turns.length === 1) wakeAfter(depth);
        return { kind: 'idle' };
      });
      dispatcher.wake(['a']);
      await clock.advance(0);
      expect(turns).toEqual(['a@0', 'a@0']);
      await dispatcher.stop();
    },
  );

  test('at most `width` turns at once, and everybody gets one', async () => {
    const channels = Array.from({ length: 100 }, (_, index) => `c${index}`);
    const { dispatcher, turns, most } = given(() => ({ kind: 'idle' }), 4);
    dispatcher.wake(channels);
    while (turns.length < 100) await settle();
    expect(most()).toBe(4);
    expect(new Set(turns).size).toBe(100);
    await dispatcher.stop();
  });

  test('a channel that rests holds up no other', async () => {
    const { dispatcher, clock, turns, later } = given(
      (channelId) => (channelId === 'slow' ? { kind: 'posted', until: later(60_000) } : { kind: 'idle' }),
      1,
    );
    dispatcher.wake(['slow', 'a']);
    await clock.advance(10);
    expect(turns).toEqual(['slow@0', 'a@0']);
    await dispatcher.stop();
  });

  test('without the lease there is no turn, and when woken again it is asked for again', async () => {
    const { dispatcher, clock, turns, leases } = given(() => ({ kind: 'idle' }));
    leases.denied.add('a');
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(turns).toEqual([]);
    leases.denied.clear();
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(turns).toEqual(['a@0']);
    expect(leases.givenBack).toEqual(['a']);
    await dispatcher.stop();
  });

  test('what another process recorded while this one had the lease is found after it is given back', async () => {
    const { dispatcher, clock, turns, leases, due } = given(() => ({ kind: 'idle' }));
    due.push('a');
    dispatcher.wake(['a']);
    await clock.advance(0);
    expect(turns).toEqual(['a@0', 'a@0']);
    expect(leases.givenBack).toEqual(['a', 'a']);
    await dispatcher.stop();
  });

  test('a lease is kept while the channel rests after a message, and given back while it waits for a retry', async () => {
    const answers: Partial<TurnResult>[] = [
      { kind: 'posted', until: new Date('2096-03-05T14:00:01Z'), more: true },
      { kind: 'waiting', until: new Date('2096-03-05T14:10:00Z') },
      { kind: 'idle' },
    ];
    const { dispatcher, clock, leases, turns } = given(() => answers.shift() ?? { kind: 'idle' });
    dispatcher.wake(['a']);
    await clock.advance(500);
    expect(leases.givenBack).toEqual([]);
    await clock.advance(1000);
    expect(leases.givenBack).toEqual(['a']);
    await clock.advance(3_600_000);
    expect(turns).toEqual(['a@0', 'a@1', 'a@600']);
    expect(leases.taken).toEqual(['a', 'a']);
    await dispatcher.stop();
  });

  test('a turn that throws is taken again after a rest', async () => {
    let faults = 2;
    const { dispatcher, clock, turns } = given(() =>
      faults-- > 0 ? new Error('the database is away') : { kind: 'idle' },
    );
    dispatcher.wake(['a']);
    await clock.advance(60_000);
    expect(turns).toEqual(['a@0', 'a@5', 'a@10']);
    await dispatcher.stop();
  });

  test('stopping waits for the turn under way, ends the sleeps, and takes no other', async () => {
    const { dispatcher, clock, turns, gate, openGates, later } = given((channelId) => ({
      kind: 'posted',
      until: later(channelId === 'sleeper' ? 3_600_000 : 0),
      more: true,
    }));
    dispatcher.wake(['sleeper']);
    await clock.advance(0);
    gate();
    dispatcher.wake(['worker']);
    await settle();
    let stopped = false;
    const stopping = dispatcher.stop().then(() => {
      stopped = true;
    });
    await settle();
    expect(stopped).toBe(false);
    await openGates();
    await stopping;
    dispatcher.wake(['late']);
    await settle();
    expect(turns).toEqual(['sleeper@0', 'worker@0']);
  });
});
