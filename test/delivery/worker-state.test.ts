import { describe, expect, test } from 'vitest';
import type { Lease } from '../../src/delivery/lease-manager.ts';
import { nextState, type WorkerEvent, type WorkerState } from '../../src/delivery/worker-state.ts';

const lease: Lease = {
  channel: { id: 'T1:C1', accountId: 'acct_demo', webhookUrl: '', rulesEpoch: 1, connectedAt: new Date(0) },
  isHeld: () => true,
  refresh: async () => true,
  update() {},
  invalidate() {},
};
const at = new Date('2026-03-05T14:00:00.010Z');
const later = new Date('2026-03-05T14:05:00Z');
const preacquired = { lease: Promise.resolve(lease), mayHold: false };

const acquiring = { kind: 'acquiring', preacquired: undefined, next: 'idle' } as const;
const expecting = { kind: 'acquiring', preacquired, next: 'idle' } as const;
const ready = { kind: 'ready', lease, mayHold: false } as const;
const sending = { kind: 'sending', lease, includeHeld: true, next: 'idle' } as const;
const pacing = { kind: 'pacing', lease, until: later, next: 'idle' } as const;
const lingering = { kind: 'lingering', lease, until: later } as const;
const releasing = { kind: 'releasing', lease, retryAt: undefined, isBlocked: false, next: 'idle' } as const;
const waiting = { kind: 'waiting', until: later } as const;
const stopped = { kind: 'stopped' } as const;

const woken = { kind: 'woken' } as const;
const stop = { kind: 'stop' } as const;
const elapsed = { kind: 'elapsed', now: at } as const;
const acquired = { kind: 'acquired', lease } as const;
const unleased = { kind: 'unleased', retryAt: undefined } as const;
const idle = { kind: 'sent', result: { kind: 'idle' } } as const;
const posted = { kind: 'sent', result: { kind: 'posted', until: later, more: false } } as const;
const postedMore = { kind: 'sent', result: { kind: 'posted', until: later, more: true } } as const;
const notYet = { kind: 'sent', result: { kind: 'waiting', until: later } } as const;
const blocked = { kind: 'sent', result: { kind: 'blocked', until: later } } as const;

const again = { next: 'again' } as const;
const stops = { next: 'stop' } as const;

type Row = [name: string, from: WorkerState, event: WorkerEvent, to: WorkerState];

describe('the state of a channel worker', () => {
  test.each<Row>([
    ['with its lease, it sends', acquiring, acquired, sending],
    ['without a lease, it stops', acquiring, unleased, stopped],
    ['without a lease and woken meanwhile, it asks again', { ...acquiring, ...again }, unleased, acquiring],
    ['with a lease that it expected, it waits to be woken', expecting, acquired, ready],
    [
      'woken before it has the lease that it expected, it sends',
      { ...expecting, ...again },
      acquired,
      { ...sending, includeHeld: false },
    ],
    ['ready and woken, it sends', ready, woken, { ...sending, includeHeld: false }],

    ['with nothing to send, it gives its lease back', sending, idle, releasing],
    ['with nothing to send but woken meanwhile, it looks again', { ...sending, ...again }, idle, sending],
    [
      'with something that is due later, it gives its lease back',
      sending,
      notYet,
      { ...releasing, retryAt: later },
    ],
    ['with something that is due later but woken, it looks again', { ...sending, ...again }, notYet, sending],
    [
      'asked to wait, it gives its lease back',
      sending,
      blocked,
      { ...releasing, retryAt: later, isBlocked: true },
    ],
    [
      'asked to wait and woken, it asks for the lease again afterwards',
      { ...sending, ...again },
      blocked,
      { ...releasing, retryAt: later, isBlocked: true, ...again },
    ],
    ['after a message, it keeps the pace', sending, posted, pacing],
    ['after a message with more to come, it keeps the pace', sending, postedMore, { ...pacing, ...again }],
    [
      'woken while it sends a message, it goes on after the pace',
      { ...sending, ...again },
      posted,
      { ...pacing, ...again },
    ],

    ['at the end of the pace with more to come, it sends', { ...pacing, ...again }, elapsed, sending],
    [
      'at the end of the pace with nothing more, it keeps its lease until the next round',
      pacing,
      elapsed,
      { ...lingering, until: new Date('2026-03-05T14:00:00.100Z') },
    ],
    ['woken before its round, it goes on with its lease', lingering, woken, sending],
    ['at its round, it gives its lease back', lingering, elapsed, releasing],

    ['without its lease and with nothing due, it stops', releasing, unleased, stopped],
    [
      'without its lease, it waits for what is due later',
      releasing,
      { ...unleased, retryAt: later },
      waiting,
    ],
    ['without its lease and woken meanwhile, it asks again', { ...releasing, ...again }, unleased, acquiring],
    ['when something is due, it asks for the lease', waiting, elapsed, acquiring],
    ['woken while it waits, it asks for the lease', waiting, woken, acquiring],
  ])('%s', (_, from, event, to) => {
    expect(nextState(from, event)).toEqual(to);
  });

  test.each<[WorkerState]>([[acquiring], [expecting], [sending], [pacing], [releasing]])(
    'woken while %o, it remembers that and goes on',
    (state) => {
      expect(nextState(state, woken)).toEqual({ ...state, ...again });
    },
  );

  test.each<[WorkerState]>([[acquiring], [expecting], [sending], [releasing]])(
    'asked to stop while %o, it ends that first, and being woken changes nothing',
    (state) => {
      const stoppingState = nextState(state, stop);
      expect(stoppingState).toEqual({ ...state, ...stops });
      expect(nextState(stoppingState, woken)).toEqual(stoppingState);
    },
  );

  test.each<Row>([
    ['ready', ready, stop, { ...releasing, ...stops }],
    ['pacing', pacing, stop, { ...releasing, ...stops }],
    ['lingering', lingering, stop, { ...releasing, ...stops }],
    ['acquiring', { ...acquiring, ...stops }, acquired, { ...releasing, ...stops }],
    ['expecting', { ...expecting, ...stops }, acquired, { ...releasing, ...stops }],
    ['sending', { ...sending, ...stops }, postedMore, { ...releasing, ...stops }],
    ['acquiring without success', { ...acquiring, ...stops }, unleased, stopped],
    ['releasing', { ...releasing, ...stops }, { ...unleased, retryAt: later }, stopped],
    ['waiting', waiting, stop, stopped],
    ['stopped', stopped, stop, stopped],
  ])('it stops when %s, and releases the lease that it has', (_, from, event, to) => {
    expect(nextState(from, event)).toEqual(to);
  });

  test.each<[string, WorkerState, WorkerEvent]>([
    ['an interrupted wait', sending, elapsed],
    ['an interrupted wait without a lease', acquiring, elapsed],
    ['a wake after the end', stopped, woken],
  ])('%s changes nothing', (_, state, event) => {
    expect(nextState(state, event)).toBe(state);
  });
});
