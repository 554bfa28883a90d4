import { hash } from 'node:crypto';
import type { DeliveryState } from './states.ts';

/** `quiet_hours`: outside the channel's business hours. `broken`: its channel was broken. */
type HoldReason = 'quiet_hours' | 'broken';

/**
 * How an alert goes on after a message with it was refused, or failed again and again: apart from the rest, in smaller
 * messages, until one holds it alone.
 */
export type Division = {
  /** At most how many alerts, or customers of a digest, the next message with it holds; `null`: it goes with the rest. */
  maxTogether: number | null;
  /** Whether that message is plain text. */
  isPlain: boolean;
  /** Whether another part of its digest has been sent. */
  isContinued: boolean;
  /**
   * The beginning of the channel's trouble in which it was divided without a sign that the channel takes anything;
   * `null` when there was one.
   */
  unprovenSince: Date | null;
  /** Whether its turn came in that trouble to be tried without the others. */
  isTried: boolean;
};

/** How many alerts a message holds at most: Slack shows no more attachments than this well, and refuses more. */
export const maxAlerts = 20;

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
  /** None before a message with it was divided. */
  division?: Division | null;
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

/** Whether it goes apart from the rest: nothing else is joined with it, and it never stands in front. */
export function isApart({ division }: Pick<DeliveryDocument, 'division'>): boolean {
  return typeof division?.maxTogether === 'number';
}

/** The `_id` of a delivery. */
export function deliveryKey(eventKey: string, channelId: string): string {
  return `${eventKey} ${channelId}`;
}

/**
 * A short name for a delivery, to find it by from a message, whatever the workspace and the channel are called in the
 * click: 16 characters of base64url, or 96 bits, of its id.
 *
 * @param id the delivery's `_id`
 */
export function deliveryRef(id: string): string {
  return hash('sha256', id, 'base64url').slice(0, 16);
}
