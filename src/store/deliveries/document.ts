import { hash } from 'node:crypto';
import type { RiskLevel } from '../../domain/vocabulary.ts';
import type { DeliveryState } from './states.ts';

/** `quiet_hours`: outside the channel's business hours. */
type HoldReason = 'quiet_hours' | 'broken';

/** Set after a message with the alert was refused or failed repeatedly: it is sent in smaller ones. */
export type Split = {
  /** Maximum number of alerts, or of customers in a digest, in its next message; `null`: with the rest. */
  maxTogether: number | null;
  /** Maximum number of alerts in the next digest with it, which is of its customer alone; absent: no maximum. */
  maxOfCustomer?: number;
  isPlain: boolean;
  /** True if another part of its digest has been sent. */
  isContinued: boolean;
  /** Start of the trouble in which it was split; `null` if the channel is known to accept other messages. */
  unprovenSince: Date | null;
  /** True if it was already tried without the others in that trouble. */
  isTried: boolean;
};

/** Data of an alert that a channel needs to limit repeats. */
export type RepeatMark = {
  /** The key from `similarKey`. */
  key: string;
  level: RiskLevel | null;
  /** Until when later alerts are compared with it. */
  until: Date;
  /** Set while suppressed repeats of it have to be counted. */
  isCounting?: true;
  /** Unique: of two processes that record similar alerts at once, one fails. Absent without this check. */
  claims?: string[];
  /** Number of similar alerts that were suppressed as repeats before this one, and since when. */
  notRepeated?: NotRepeated;
  /** The alerts that counted these. They no longer count, even if that is not recorded on them yet. */
  endsCountsOf?: string[];
};

/** `count` is at most `maxNotRepeated`. */
type NotRepeated = { count: number; since: Date };

/** Maximum number of alerts in a message: Slack refuses more attachments than this. */
export const maxAlerts = 20;

/** The obligation to send one alert to one channel. `_id` consists of the event and the channel. */
export type DeliveryDocument = {
  _id: string;
  eventKey: string;
  channelId: string;
  /** Sent only while the channel serves this account. */
  accountId: string;
  /** Identifies the delivery in the controls of its message; unique within its channel. */
  ref: string;
  state: DeliveryState;
  /** 0 for critical alerts, which are sent first; 1 for others. */
  priority: 0 | 1;
  sequence: number;
  attempts: number;
  /** Each lost answer may mean that the alert was posted once more. */
  lostAnswers: number;
  /** When it is due: now, at its next attempt, or, while it is held, when its digest opens. */
  nextAttemptAt: Date;
  digest: HoldReason | null;
  split?: Split | null;
  rulesEpoch: number;
  lastError: string | null;
  acknowledgedBy: string | null;
  acknowledgedAt: Date | null;
  /** Who undid its acknowledgement, until it is acknowledged again. Absent before. */
  acknowledgementUndone?: { by: string; at: Date };
  /** `true` if a reminder may become due, `false` while acknowledged, absent after the final decision. */
  awaitsReminder?: boolean;
  remindedAt?: Date;
  /** Number of times that its reminder was withdrawn after it was recorded. Absent if never. */
  reminderRound?: number;
  /**
   * `of` is the alert's delivery, whose `reminderRound` is `round`; `openMs` says how long the alert was open when the
   * reminder was recorded.
   */
  reminder?: { of: string; openMs: number; round?: number };
  /** Set on an alert if its channel limits repeats when it is recorded. */
  repeat?: RepeatMark;
  createdAt: Date;
  finishedAt: Date | null;
  expiresAt: Date | null;
};

/** Matches alerts, and not their reminders. */
export const isAlert = { reminder: { $exists: false } } as const;

/** A split delivery is sent in messages of its own, and never first. */
export function isSplit({ split }: Pick<DeliveryDocument, 'split'>): boolean {
  return typeof split?.maxTogether === 'number';
}

export function deliveryKey(eventKey: string, channelId: string): string {
  return `${eventKey} ${channelId}`;
}

export function reminderKey(eventKey: string, channelId: string): string {
  return deliveryKey(`${eventKey} reminder`, channelId);
}

/** Returns the ids of an alert and its reminder, given either: acknowledging one acknowledges both. */
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

export function channelOfDelivery(id: string): string | undefined {
  const end = id.lastIndexOf(' ');
  return end === -1 ? undefined : id.slice(end + 1);
}

/**
 * Returns a hash of 96 bits in base64url. It does not depend on how a click names the channel.
 * @param id the delivery's `_id`
 */
export function deliveryRef(id: string): string {
  return hash('sha256', id, 'base64url').slice(0, 16);
}
