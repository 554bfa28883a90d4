import { shownChange } from './points.ts';
import { isRepeat, type RecentAlert } from './repeats.ts';
import type { Rules } from './rules.ts';
import { type Timing, whenToSend } from './timing.ts';
import { type EventType, type RiskLevel, riskLevels } from './vocabulary.ts';

/** The reasons are in the order in which the rules apply. */
export const suppressReasons = [
  'paused',
  'event_type_off',
  'customer_muted',
  'other_owner',
  'below_risk_threshold',
  'below_score_delta',
  'repeated',
  'quiet_hours',
] as const;

export type SuppressReason = (typeof suppressReasons)[number];

export type Decision =
  | { outcome: 'send' }
  | { outcome: 'hold'; until: Date }
  | { outcome: 'suppress'; reason: SuppressReason };

/** `change` is in points, −100 to 100. */
export type DecidableEvent = {
  type: EventType;
  customer: { id: string; owner?: { id: string } | undefined };
  risk_level?: RiskLevel | undefined;
  health_score?: { change: number } | undefined;
};

export type DecidableChannel = {
  rules: Rules;
  /** `null` while the channel is not paused. */
  pausedUntil: Date | 'until_resumed' | null;
  mutes: readonly { customerId: string; until: Date }[];
};

/**
 * The first rule that applies decides (docs/integration.md, "Rules"). A pause or mute until `now` has ended.
 * @param recent what the channel got about the same customer and of the same type
 */
export function decide(
  event: DecidableEvent,
  channel: DecidableChannel,
  now: Date,
  recent: readonly RecentAlert[] = [],
): Decision {
  const { rules } = channel;
  if (isPaused(channel, now)) return suppress('paused');
  if (!rules.eventTypes.includes(event.type)) return suppress('event_type_off');
  if (isMuted(event.customer.id, channel, now)) return suppress('customer_muted');
  if (isOthers(event.customer, rules)) return suppress('other_owner');
  if (event.risk_level !== undefined && isBelow(event.risk_level, rules.riskThreshold))
    return suppress('below_risk_threshold');
  if (
    event.type === 'health_score_drop' &&
    Math.abs(shownChange(event.health_score?.change ?? 0)) < rules.scoreDeltaMinimum
  )
    return suppress('below_score_delta');
  if (isRepeat(event.risk_level, recent, rules.repeatAfter, now)) return suppress('repeated');
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

export function isPaused({ pausedUntil }: Pick<DecidableChannel, 'pausedUntil'>, now: Date): boolean {
  return pausedUntil === 'until_resumed' || (pausedUntil !== null && now < pausedUntil);
}

function isMuted(customerId: string, { mutes }: DecidableChannel, now: Date): boolean {
  return mutes.some((mute) => mute.customerId === customerId && now < mute.until);
}

function isOthers({ owner }: DecidableEvent['customer'], { owners }: Rules): boolean {
  return owners !== 'anyone' && (owner === undefined || !owners.includes(owner.id));
}

function isBelow(level: RiskLevel, threshold: RiskLevel): boolean {
  return riskLevels.indexOf(level) < riskLevels.indexOf(threshold);
}
