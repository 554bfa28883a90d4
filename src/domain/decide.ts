import { shownChange } from './points.ts';
import type { Rules } from './rules.ts';
import { type Timing, whenToSend } from './timing.ts';
import { type EventType, type RiskLevel, riskLevels } from './vocabulary.ts';

/** Why a channel keeps an event back, in the order in which the rules are asked. */
export const suppressReasons = [
  'paused',
  'event_type_off',
  'customer_muted',
  'below_risk_threshold',
  'below_score_delta',
  'quiet_hours',
] as const;

export type SuppressReason = (typeof suppressReasons)[number];

/** Rules applied to one event for one channel; `until` is the next opening. */
export type Decision =
  | { outcome: 'send' }
  | { outcome: 'hold'; until: Date }
  | { outcome: 'suppress'; reason: SuppressReason };

/** The part of an event that rules look at; a health score's `change` is in points, −100 to 100. */
export type DecidableEvent = {
  type: EventType;
  customer: { id: string };
  risk_level?: RiskLevel | undefined;
  health_score?: { change: number } | undefined;
};

/** The part of a channel that rules look at. */
export type DecidableChannel = {
  rules: Rules;
  /** Until when the channel is paused: `null` when it is not, `'until_resumed'` for until someone resumes it. */
  pausedUntil: Date | 'until_resumed' | null;
  /** Customers that are muted here, each until an instant. */
  mutes: readonly { customerId: string; until: Date }[];
};

/**
 * Decides what becomes of an event in a channel: the first rule that applies (docs/integration.md, "Rules").
 * An end that is reached is over: a pause or a mute until `now` holds nothing back.
 */
export function decide(event: DecidableEvent, channel: DecidableChannel, now: Date): Decision {
  const { rules } = channel;
  if (isPaused(channel, now)) return suppress('paused');
  if (!rules.eventTypes.includes(event.type)) return suppress('event_type_off');
  if (isMuted(event.customer.id, channel, now)) return suppress('customer_muted');
  if (event.risk_level !== undefined && isBelow(event.risk_level, rules.riskThreshold))
    return suppress('below_risk_threshold');
  if (
    event.type === 'health_score_drop' &&
    Math.abs(shownChange(event.health_score?.change ?? 0)) < rules.scoreDeltaMinimum
  )
    return suppress('below_score_delta');
  if (event.risk_level === 'critical') return { outcome: 'send' };
  return decideByTiming(rules.timing, now);
}

function decideByTiming(timing: Timing, now: Date): Decision {
  const at = whenToSend(timing, now);
  if (at === null) return suppress('quiet_hours');
  return at > now ? { outcome: 'hold', until: at } : { outcome: 'send' };
}

function suppress(reason: SuppressReason): Decision {
  return { outcome: 'suppress', reason };
}

/** Whether a channel is paused at an instant; at the end of its pause it is not. */
export function isPaused({ pausedUntil }: Pick<DecidableChannel, 'pausedUntil'>, now: Date): boolean {
  return pausedUntil === 'until_resumed' || (pausedUntil !== null && now < pausedUntil);
}

function isMuted(customerId: string, { mutes }: DecidableChannel, now: Date): boolean {
  return mutes.some((mute) => mute.customerId === customerId && now < mute.until);
}

function isBelow(level: RiskLevel, threshold: RiskLevel): boolean {
  return riskLevels.indexOf(level) < riskLevels.indexOf(threshold);
}
