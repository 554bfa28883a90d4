export const deliveryStates = ['pending', 'held', 'sent', 'failed', 'dropped'] as const;

/**
 * `pending`: to be sent, now or at `nextAttemptAt`. `held`: waits for its digest, until business hours open or its
 * channel recovers. `sent`, `failed` and `dropped` are final; a failed one can be replayed by hand.
 */
export type DeliveryState = (typeof deliveryStates)[number];

/** Every state transition. Each is one update guarded by the state it leaves, so that a late writer changes nothing. */
export const transitions = {
  send: { from: 'pending', to: 'sent' },
  /** An attempt failed and another follows. */
  postpone: { from: 'pending', to: 'pending' },
  /** Slack refused its message; it is sent in a simpler or smaller one. */
  refuse: { from: 'pending', to: 'pending' },
  /** Its message failed again; it is sent in a smaller one. */
  divide: { from: 'pending', to: 'pending' },
  /** It is unknown whether Slack accepted it. */
  loseAnswer: { from: 'pending', to: 'pending' },
  /** The same for an alert that a broken channel was tried with. */
  loseAnswerOfHeld: { from: 'held', to: 'held' },
  /** The same if it was dropped meanwhile. */
  loseAnswerOfDropped: { from: 'dropped', to: 'dropped' },
  fail: { from: 'pending', to: 'failed' },
  hold: { from: 'pending', to: 'held' },
  /** Its channel's rules changed, and with them its opening. */
  holdUntil: { from: 'held', to: 'held' },
  sendHeld: { from: 'held', to: 'sent' },
  /** Slack accepted the alert that a broken channel was tried with, and that was dropped meanwhile. */
  sendDropped: { from: 'dropped', to: 'sent' },
  /** Slack did not accept its digest, which is tried again. */
  release: { from: 'held', to: 'pending' },
  /** No longer needed. */
  drop: { from: 'held', to: 'dropped' },
  /** The same for pending ones: because of the channel's rules, or because the channel no longer serves the account. */
  abandon: { from: 'pending', to: 'dropped' },
  /** It failed, and is of no use any more: its channel no longer serves its account, or its alert was acknowledged. */
  dismiss: { from: 'failed', to: 'dropped' },
  replay: { from: 'failed', to: 'pending' },
} as const satisfies Record<string, { from: DeliveryState; to: DeliveryState }>;

export type Transition = keyof typeof transitions;

/** Whether a delivery in this state stays in it, unless somebody retries it. */
export function isFinished(state: DeliveryState): boolean {
  return state === 'sent' || state === 'failed' || state === 'dropped';
}

/** Why deliveries end without an answer of Slack or a decision of the rules. */
export const endReasons = ['disconnected', 'moved', 'event_expired', 'acknowledged'] as const;

export type EndReason = (typeof endReasons)[number];
