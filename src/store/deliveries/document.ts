import { hash } from 'node:crypto';
import type { RiskLevel } from '../../domain/vocabulary.ts';
import type { DeliveryState } from './states.ts';

/** `quiet_hours`: outside the channel's business hours. `broken`: its channel was broken. */
type HoldReason = 'quiet_hours' | 'broken';

/**
 * How an alert is sent after a message with it was refused, or failed repeatedly: apart from the rest, in smaller and
 * smaller messages, until one holds it alone.
 */
export type Division = {
  /** Maximum number of alerts, or of customers in a digest, in the next message with it; `null`: sent with the rest. */
  maxTogether: number | null;
  isPlain: boolean;
  /** Whether another part of its digest has been sent. */
  isContinued: boolean;
  /**
   * Start of the channel's trouble in which it was divided without proof that the channel accepts anything; `null` if
   * there was proof.
   */
  unprovenSince: Date | null;
  /** Whether it was already tried without the others in that trouble. */
  isTried: boolean;
};

/** What a channel that limits repeats has to know of an alert. */
export type RepeatMark = {
  /** Of `similarKey`. */
  key: string;
  level: RiskLevel | null;
  /** Until when later alerts are compared with it. */
  until: Date;
  /** Set while alerts that were not repeated since have to be counted. */
  isCounting?: true;
  /**
   * Each unique, so that of two processes that record similar alerts at the same moment one fails. Absent if that was
   * checked otherwise.
   */
  claims?: string[];
  /** How many similar alerts were not repeated before this one, and since when. */
  notRepeated?: NotRepeated;
};

/** `count` is at most `maxNotRepeated`. */
export type NotRepeated = { count: number; since: Date };

/** Maximum number of alerts in a message: Slack refuses more attachments than this. */
export const maxAlerts = 20;

/** The obligation to send one alert to one channel. `_id` consists of the event and the channel. */
export type DeliveryDocument = {
  _id: string;
  eventKey: string;
  channelId: string;
  /** The account of its event. Sent only while the channel serves this account. */
  accountId: string;
  /** Identifies it in the controls of its message; unique within its channel. */
  ref: string;
  state: DeliveryState;
  /** 0 for a critical alert, which is sent first; 1 for the rest. */
  priority: 0 | 1;
  sequence: number;
  attempts: number;
  /** Attempts whose answer was lost: each may have posted the alert once more. */
  lostAnswers: number;
  /** When it is due: now, at its next attempt, or, while held, when its digest opens. */
  nextAttemptAt: Date;
  /** Why it was held, which determines its digest; `null` for an alert. */
  digest: HoldReason | null;
  /** Absent before a message with it was divided. */
  division?: Division | null;
  /** The channel's `rulesEpoch` by which it was decided. */
  rulesEpoch: number;
  lastError: string | null;
  acknowledgedBy: string | null;
  acknowledgedAt: Date | null;
  /** Who undid its acknowledgement, until it is acknowledged again. Absent before. */
  acknowledgementUndone?: { by: string; at: Date };
  /**
   * Of an alert of which a reminder may be due, once it was sent. `false`: it was acknowledged when that was decided,
   * which may be undone. Absent otherwise, and once that was decided for good.
   */
  awaitsReminder?: boolean;
  /** When its reminder was recorded. */
  remindedAt?: Date;
  /** Of a reminder: the delivery of its alert, and for how long that was open when the reminder was recorded. */
  reminder?: { of: string; openMs: number };
  /** Of an alert in a channel that limits repeats when it is recorded. */
  repeat?: RepeatMark;
  createdAt: Date;
  finishedAt: Date | null;
  /** When a finished delivery is deleted; `null` while it is unfinished. */
  expiresAt: Date | null;
};

/** Matches alerts, and not their reminders. */
export const isAlert = { reminder: { $exists: false } } as const;

/** Whether it is sent apart from the rest, in messages of its own and never first. */
export function isApart({ division }: Pick<DeliveryDocument, 'division'>): boolean {
  return typeof division?.maxTogether === 'number';
}

export function deliveryKey(eventKey: string, channelId: string): string {
  return `${eventKey} ${channelId}`;
}

/** The `_id` of the reminder of an event's alert. */
export function reminderKey(eventKey: string, channelId: string): string {
  return deliveryKey(`${eventKey} reminder`, channelId);
}

/** The `_id`s of an alert and its reminder, of either of which it is: who acknowledges one has acknowledged both. */
export function withReminder({
  _id,
  eventKey,
  channelId,
  reminder,
}: Pick<DeliveryDocument, '_id' | 'eventKey' | 'channelId' | 'reminder'>): {
  alert: string;
  reminder: string;
} {
  return reminder === undefined
    ? { alert: _id, reminder: reminderKey(eventKey, channelId) }
    : { alert: reminder.of, reminder: _id };
}

/** The channel of a delivery with this `_id`; `undefined` if that is no key. */
export function channelOfDelivery(id: string): string | undefined {
  const end = id.lastIndexOf(' ');
  return end === -1 ? undefined : id.slice(end + 1);
}

/**
 * A short id of a delivery for the controls in its message, independent of how a click names workspace and channel:
 * 16 characters of base64url (96 bits) of a hash of its id.
 * @param id the delivery's `_id`
 */
export function deliveryRef(id: string): string {
  return hash('sha256', id, 'base64url').slice(0, 16);
}
