export const deliveryStates = ['pending', 'held', 'sent', 'failed', 'dropped'] as const;

/**
 * `held` waits for its digest, until business hours open or its channel recovers. `sent`, `failed` and `dropped` are
 * final; a failed one can be replayed by hand.
 */
export type DeliveryState = (typeof deliveryStates)[number];

/** Each update is guarded by the state that it leaves, so a late writer changes nothing. */
export const transitions = {
  send: { from: 'pending', to: 'sent' },
  postpone: { from: 'pending', to: 'pending' },
  /** Slack refused its message, and it is sent in a simpler or smaller one. */
  refuse: { from: 'pending', to: 'pending' },
  /** Its message failed again, and it is sent in a smaller one. */
  split: { from: 'pending', to: 'pending' },
  loseAnswer: { from: 'pending', to: 'pending' },
  /** The answer was lost after a broken channel was tried with it. */
  loseAnswerOfHeld: { from: 'held', to: 'held' },
  /** The answer was lost, and it was dropped meanwhile. */
  loseAnswerOfDropped: { from: 'dropped', to: 'dropped' },
  fail: { from: 'pending', to: 'failed' },
  hold: { from: 'pending', to: 'held' },
  holdUntil: { from: 'held', to: 'held' },
  sendHeld: { from: 'held', to: 'sent' },
  /** Slack accepted it when a broken channel was tried with it, and it was dropped meanwhile. */
  sendDropped: { from: 'dropped', to: 'sent' },
  /** Slack did not accept its digest, which is tried again. */
  release: { from: 'held', to: 'pending' },
  drop: { from: 'held', to: 'dropped' },
  /** The channel's rules drop it, or the channel no longer serves the account. */
  abandon: { from: 'pending', to: 'dropped' },
  /** The channel no longer serves its account, another one replaced it, or its alert was acknowledged. */
  dismiss: { from: 'failed', to: 'dropped' },
  replay: { from: 'failed', to: 'pending' },
} as const satisfies Record<string, { from: DeliveryState; to: DeliveryState }>;

export type Transition = keyof typeof transitions;

/** True if the delivery keeps its state, unless somebody retries it. */
export function isFinished(state: DeliveryState): boolean {
  return state === 'sent' || state === 'failed' || state === 'dropped';
}

/** Why a delivery ends without an answer of Slack or a decision of the rules. */
export const endReasons = [
  'disconnected',
  'moved',
  'event_expired',
  'event_missing',
  'acknowledged',
] as const;

export type EndReason = (typeof endReasons)[number];
