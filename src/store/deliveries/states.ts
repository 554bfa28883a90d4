export const deliveryStates = ['pending', 'held', 'sent', 'failed', 'dropped'] as const;

/**
 * `pending`: to be sent, now or at `nextAttemptAt`. `held`: waits for its digest, until business hours open or its
 * channel comes back. `sent`, `failed` and `dropped` are ends; a failed one can be replayed by hand.
 */
export type DeliveryState = (typeof deliveryStates)[number];

/**
 * Every way from one state to another, each of them one update that is guarded by the state that it leaves:
 * whoever comes late finds nothing to change.
 */
export const transitions = {
  /** Slack took it. */
  send: { from: 'pending', to: 'sent' },
  /** A try failed and another one follows. */
  postpone: { from: 'pending', to: 'pending' },
  /** Slack refused the message that it was in, and it goes in a simpler or smaller one. */
  refuse: { from: 'pending', to: 'pending' },
  /** The message that it was in failed again, and it goes in a smaller one. */
  divide: { from: 'pending', to: 'pending' },
  /** Nobody knows whether Slack took it. */
  loseAnswer: { from: 'pending', to: 'pending' },
  /** The same of an alert that a broken channel was tried with. */
  loseAnswerOfHeld: { from: 'held', to: 'held' },
  /** The same where it was dropped meanwhile. */
  loseAnswerOfDropped: { from: 'dropped', to: 'dropped' },
  /** The last try failed, or it can never be sent. */
  fail: { from: 'pending', to: 'failed' },
  /** Its channel broke. */
  hold: { from: 'pending', to: 'held' },
  /** Its channel's rules changed, and with them its opening. */
  holdUntil: { from: 'held', to: 'held' },
  /** Slack took its digest. */
  sendHeld: { from: 'held', to: 'sent' },
  /** Slack took the alert that a broken channel was tried with, which was dropped meanwhile. */
  sendDropped: { from: 'dropped', to: 'sent' },
  /** Slack did not take its digest, which is tried again. */
  release: { from: 'held', to: 'pending' },
  /** It is of no use any more. */
  drop: { from: 'held', to: 'dropped' },
  /** The same for what was to be sent: by its channel's rules, or since its channel does not serve its account any more. */
  abandon: { from: 'pending', to: 'dropped' },
  /** It failed, and its channel no longer serves its account. */
  dismiss: { from: 'failed', to: 'dropped' },
  /** Somebody wants it tried again. */
  replay: { from: 'failed', to: 'pending' },
} as const satisfies Record<string, { from: DeliveryState; to: DeliveryState }>;

export type Transition = keyof typeof transitions;

/** Whether nothing more happens to a delivery in this state by itself. */
export function isFinished(state: DeliveryState): boolean {
  return state === 'sent' || state === 'failed' || state === 'dropped';
}

/** Why deliveries end without Slack or the rules having a say. */
export const endReasons = ['disconnected', 'moved', 'event_expired'] as const;

export type EndReason = (typeof endReasons)[number];
