import type { DeliveryState } from './delivery-states.ts';

/** `quiet_hours`: outside the channel's business hours. `broken`: its channel was broken. */
type HoldReason = 'quiet_hours' | 'broken';

/** How an alert goes on after Slack refused a message that it was in: in smaller ones, until one holds it alone. */
export type Refusal = {
  /** At most how many alerts, or customers of a digest, the next message with it holds. */
  maxTogether: number;
  /** Whether that message is plain text. */
  isPlain: boolean;
  /** Whether another part of its digest has been sent. */
  isContinued: boolean;
};

/** The duty to get one alert into one channel. `_id` says which: an event and a channel have one. */
export type DeliveryDocument = {
  _id: string;
  eventKey: string;
  channelId: string;
  /** The account of its event. It is of use only while the channel serves this one. */
  accountId: string;
  /** What the controls in its message know it by, unique within its channel. */
  ref: string;
  state: DeliveryState;
  /** 0 for a critical alert, which goes ahead of the rest; 1 for the rest. */
  priority: 0 | 1;
  /** The event's place in the order of arrival. */
  sequence: number;
  /** Tries that failed. */
  attempts: number;
  /** Tries of which nobody knows whether Slack took the message: each may have shown the alert once more. */
  lostAnswers: number;
  /** When it wants to go out: now, at its next try, or, while it is held, when its digest opens. */
  nextAttemptAt: Date;
  /** Why it was held, and so which digest it goes out with; `null` for one that goes out as an alert. */
  digest: HoldReason | null;
  /** None before Slack refused a message with it. */
  refusal?: Refusal | null;
  /** The channel's `rulesEpoch` under which it was decided. */
  rulesEpoch: number;
  /** What became of its last try, or why it was dropped. */
  lastError: string | null;
  /** The user who took care of the alert first, and when. */
  acknowledgedBy: string | null;
  acknowledgedAt: Date | null;
  createdAt: Date;
  finishedAt: Date | null;
  /** When a finished delivery is deleted; `null` while there is something left to do. */
  expiresAt: Date | null;
};

/** The `_id` of a delivery. */
export function deliveryKey(eventKey: string, channelId: string): string {
  return `${eventKey} ${channelId}`;
}
