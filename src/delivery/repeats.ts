import { hash } from 'node:crypto';
import type { PerlyEvent } from '../domain/event.ts';
import { limitsRepeats, type RecentAlert, repeatWindow } from '../domain/repeats.ts';
import { groupBy } from '../lib/group-by.ts';
import { dayMs, hourMs, minuteMs } from '../lib/time.ts';
import type { Channel } from '../store/channels/document.ts';
import type { DeliveryDocument, RepeatMark } from '../store/deliveries/document.ts';
import { type SimilarAlert, similarKey } from '../store/deliveries/repeats.ts';

/**
 * Two processes that record similar alerts of the same level within this time share a claim. Longer than a
 * write and the difference of their clocks, less than half of the shortest `repeatAfter`. Milliseconds.
 */
export const claimMs = 10 * minuteMs;

/** A pending alert that is older may never be sent. Milliseconds. */
const maxPendingMs = hourMs;

/** An alert's count of suppressed repeats. */
export type Counted = Pick<RepeatMark, 'notRepeated' | 'endsCountsOf'>;

export type SimilarAlerts = (channelId: string, event: PerlyEvent) => readonly SimilarAlert[];

export function similarKeyOf({ account_id, customer, type }: PerlyEvent): string {
  return similarKey(account_id, customer.id, type);
}

export function groupSimilar(alerts: readonly SimilarAlert[]): SimilarAlerts {
  const groups = groupBy(alerts, ({ channelId, repeat }) => JSON.stringify([channelId, repeat.key]));
  return (channelId, event) =>
    groups.size === 0 ? [] : (groups.get(JSON.stringify([channelId, similarKeyOf(event)])) ?? []);
}

/** Keeps those similar alerts that the channel got, or will get, while it serves its account. */
export function toRecent(
  similar: readonly SimilarAlert[],
  { servesSince }: Pick<Channel, 'servesSince'>,
  now: Date,
): RecentAlert[] {
  return similar.filter((alert) => counts(alert, servesSince, now)).map(toRecentAlert);
}

/** Lists alerts whose counts no other alert reports yet. */
export function listCounting(similar: readonly SimilarAlert[]): SimilarAlert[] {
  return listUnreported(similar).filter(({ repeat }) => repeat.isCounting);
}

/** Finds the alert that counts further repeats; it may not have begun to count yet. */
export function findCounting(similar: readonly SimilarAlert[]): SimilarAlert | undefined {
  const latest = (alerts: readonly SimilarAlert[]) => alerts.toSorted((a, b) => b.sequence - a.sequence)[0];
  return latest(listCounting(similar)) ?? latest(listUnreported(similar));
}

function listUnreported(similar: readonly SimilarAlert[]): SimilarAlert[] {
  const reported = listReported(similar);
  return similar.filter(({ _id }) => !reported.has(_id));
}

/** Lists the ids of alerts whose counts others report. */
function listReported(similar: readonly SimilarAlert[]): Set<string> {
  return new Set(similar.flatMap(({ repeat }) => repeat.endsCountsOf ?? []));
}

function counts({ state, createdAt, finishedAt }: SimilarAlert, servesSince: Date, now: Date): boolean {
  switch (state) {
    case 'sent':
      return finishedAt !== null && finishedAt >= servesSince;
    case 'held':
      return true;
    case 'pending':
      return now.getTime() - createdAt.getTime() < maxPendingMs;
    default:
      return false;
  }
}

function toRecentAlert({ repeat, createdAt, finishedAt }: SimilarAlert): RecentAlert {
  return { level: repeat.level ?? undefined, at: finishedAt ?? createdAt };
}

/** Returns the mark of an alert that is recorded now; none in a channel that does not limit repeats. */
export function toMark(
  event: PerlyEvent,
  { _id, rules, servesSince }: Pick<Channel, '_id' | 'rules' | 'servesSince'>,
  { sendsAt, now, counted }: { sendsAt: Date; now: Date; counted: Counted | undefined },
): { repeat?: RepeatMark } {
  if (!limitsRepeats(rules.repeatAfter)) return {};
  const key = similarKeyOf(event);
  const level = event.risk_level ?? null;
  const slot = Math.floor(now.getTime() / claimMs);
  const claims = [slot, slot + 1].map((at) =>
    hash('sha256', JSON.stringify([_id, servesSince, key, level, at]), 'base64url'),
  );
  // The mark is kept a day longer, since the alert may be sent later.
  const until = new Date(sendsAt.getTime() + repeatWindow(rules.repeatAfter) + dayMs);
  const countClaims = toCountClaims(counted);
  return { repeat: { key, level, until, claims: [...claims, ...countClaims], ...counted } };
}

/** Claims that let only one of several alerts report the same count. */
function toCountClaims({ endsCountsOf = [] }: Counted = {}): string[] {
  return endsCountsOf.map((id) => hash('sha256', JSON.stringify(['count', id]), 'base64url'));
}

/**
 * Replaces each claim that a similar alert holds by a hash of the claim and that alert. So two processes that
 * compared with the same alerts still share a claim.
 */
export function withFreeClaims(
  delivery: DeliveryDocument,
  similar: readonly SimilarAlert[],
): DeliveryDocument {
  if (delivery.repeat?.claims === undefined) return delivery;
  const { claims: all, ...repeat } = withoutReportedCounts(delivery.repeat, similar);
  const holders = new Map(
    similar.flatMap((alert) => (alert.repeat.claims ?? []).map((each) => [each, alert._id])),
  );
  const claims = all?.map((claim) => {
    let free = claim;
    for (let holder = holders.get(free); holder !== undefined; holder = holders.get(free))
      free = hash('sha256', JSON.stringify([free, holder]), 'base64url');
    return free;
  });
  return { ...delivery, repeat: { ...repeat, ...(claims && { claims }) } };
}

function withoutReportedCounts(mark: RepeatMark, similar: readonly SimilarAlert[]): RepeatMark {
  const reported = listReported(similar);
  if (!mark.endsCountsOf?.some((id) => reported.has(id))) return mark;
  const { notRepeated: _, endsCountsOf, claims = [], ...repeat } = mark;
  const countClaims = new Set(toCountClaims({ endsCountsOf }));
  return { ...repeat, claims: claims.filter((claim) => !countClaims.has(claim)) };
}

/** Used if the delivery moves to another channel, or could not be compared with others. */
export function withoutClaims(delivery: DeliveryDocument): DeliveryDocument {
  if (delivery.repeat === undefined) return delivery;
  const { claims: _, ...repeat } = delivery.repeat;
  return { ...delivery, repeat };
}
