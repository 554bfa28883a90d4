import type { Lease } from './lease-manager.ts';
import type { SendResult } from './send-next-message.ts';

/** A lease that was requested before there was anything to send. */
export type PreacquiredLease = {
  lease: Promise<Lease | undefined>;
  /** True if the first message has to consider held deliveries. */
  mayHold: boolean;
};

/** Action of a worker after its present operation. */
type Next = 'idle' | 'again' | 'stop';

/**
 * Operations (`acquiring`, `sending`, `releasing`) are never interrupted; the others wait. `pacing` cannot be woken.
 */
export type WorkerState =
  | { kind: 'acquiring'; preacquired: PreacquiredLease | undefined; next: Next }
  /** The worker waits for its first delivery. */
  | { kind: 'ready'; lease: Lease; mayHold: boolean }
  | { kind: 'sending'; lease: Lease; includeHeld: boolean; next: Next }
  /** The worker keeps the pace after its last message. */
  | { kind: 'pacing'; lease: Lease; until: Date; next: 'idle' | 'again' }
  /** The worker keeps its lease for a moment, in case another delivery arrives. */
  | { kind: 'lingering'; lease: Lease; until: Date }
  /** `retryAt`: when its next known delivery is due. `isBlocked`: nothing may be sent before. */
  | { kind: 'releasing'; lease: Lease; retryAt: Date | undefined; isBlocked: boolean; next: Next }
  /** The worker has no lease until something is due or recorded. */
  | { kind: 'waiting'; until: Date }
  | { kind: 'stopped' };

export type WorkerEvent =
  | { kind: 'woken' }
  | { kind: 'acquired'; lease: Lease }
  | { kind: 'sent'; result: SendResult }
  /** `retryAt`: when the worker needs a lease again, if at all. */
  | { kind: 'unleased'; retryAt: Date | undefined }
  | { kind: 'elapsed'; now: Date }
  | { kind: 'stop' };

/** Leases are released in rounds, many with one command. */
const releaseIntervalMs = 100;

/** Events that do not concern the present state leave it unchanged. */
export function nextState(state: WorkerState, event: WorkerEvent): WorkerState {
  switch (event.kind) {
    case 'woken':
      return afterWoken(state);
    case 'stop':
      return afterStop(state);
    case 'elapsed':
      return afterElapsed(state, event.now);
    case 'acquired':
      return state.kind === 'acquiring' ? afterAcquired(state, event.lease) : state;
    case 'sent':
      return state.kind === 'sending' ? afterSent(state, event.result) : state;
    case 'unleased':
      return 'next' in state ? afterUnleased(state.next, event.retryAt) : state;
  }
}

function afterWoken(state: WorkerState): WorkerState {
  switch (state.kind) {
    case 'ready':
      return send(state.lease, state.mayHold);
    case 'lingering':
      return send(state.lease);
    case 'waiting':
      return acquire();
    case 'stopped':
      return state;
    default:
      return state.next === 'idle' ? { ...state, next: 'again' } : state;
  }
}

function afterStop(state: WorkerState): WorkerState {
  switch (state.kind) {
    case 'ready':
    case 'pacing':
    case 'lingering':
      return release(state.lease, undefined, 'stop');
    case 'waiting':
    case 'stopped':
      return { kind: 'stopped' };
    default:
      return { ...state, next: 'stop' };
  }
}

function afterElapsed(state: WorkerState, now: Date): WorkerState {
  switch (state.kind) {
    case 'pacing':
      return state.next === 'again'
        ? send(state.lease)
        : { kind: 'lingering', lease: state.lease, until: nextRound(now) };
    case 'lingering':
      return release(state.lease, undefined);
    case 'waiting':
      return acquire();
    default:
      return state;
  }
}

function afterAcquired(
  { preacquired, next }: WorkerState & { kind: 'acquiring' },
  lease: Lease,
): WorkerState {
  if (next === 'stop') return release(lease, undefined, 'stop');
  const mayHold = preacquired?.mayHold ?? true;
  return preacquired !== undefined && next === 'idle'
    ? { kind: 'ready', lease, mayHold }
    : send(lease, mayHold);
}

function afterSent({ lease, next }: WorkerState & { kind: 'sending' }, result: SendResult): WorkerState {
  if (next === 'stop') return release(lease, undefined, 'stop');
  switch (result.kind) {
    case 'blocked':
      return { kind: 'releasing', lease, retryAt: result.until, isBlocked: true, next };
    case 'posted':
      return { kind: 'pacing', lease, until: result.until, next: result.more ? 'again' : next };
    default:
      if (next === 'again') return send(lease);
      return release(lease, result.kind === 'waiting' ? result.until : undefined);
  }
}

function afterUnleased(next: Next, retryAt: Date | undefined): WorkerState {
  if (next === 'again') return acquire();
  return next === 'stop' || retryAt === undefined ? { kind: 'stopped' } : { kind: 'waiting', until: retryAt };
}

function acquire(): WorkerState {
  return { kind: 'acquiring', preacquired: undefined, next: 'idle' };
}

function send(lease: Lease, includeHeld = true): WorkerState {
  return { kind: 'sending', lease, includeHeld, next: 'idle' };
}

function release(lease: Lease, retryAt: Date | undefined, next: Next = 'idle'): WorkerState {
  return { kind: 'releasing', lease, retryAt, isBlocked: false, next };
}

function nextRound(now: Date): Date {
  return new Date(Math.ceil(now.getTime() / releaseIntervalMs) * releaseIntervalMs);
}
