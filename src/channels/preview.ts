import { decide, type SuppressReason } from '../domain/decide.ts';
import type { RecentAlert } from '../domain/repeats.ts';
import type { Rules } from '../domain/rules.ts';
import { type EventType, riskLevels } from '../domain/vocabulary.ts';
import type { Clock } from '../lib/clock.ts';
import { dayMs } from '../lib/time.ts';
import type { Channel } from '../store/channels/document.ts';
import type { EventStore } from '../store/events.ts';
import type { MuteStore } from '../store/mutes.ts';
import { tenancyOf } from '../store/tenancy.ts';

const previewDays = 7;

/** Few enough that a modal opens in time. */
const maxEvents = 5000;

/** Example alerts that do not repeat each other: at most one for each level, and one without a level. */
const maxRecent = riskLevels.length + 1;

const maxExamples = 3;

export type PreviewExample = { type: EventType; customer: { id: string; name: string } };

export type Preview = {
  sent: number;
  held: number;
  suppressed: number;
  latestSent: (PreviewExample & { isHeld: boolean })[];
  latestSuppressed: (PreviewExample & { reason: SuppressReason })[];
};

/** Decides each event at its time of arrival, with present mutes, and without a pause or earlier alerts. */
export async function previewRules(
  { events, mutes, clock }: { events: EventStore; mutes: MuteStore; clock: Pick<Clock, 'now'> },
  channel: Pick<Channel, '_id' | 'accountId'>,
  rules: Rules,
): Promise<Preview> {
  const preview: Preview = { sent: 0, held: 0, suppressed: 0, latestSent: [], latestSuppressed: [] };
  const tenancy = tenancyOf(channel);
  if (tenancy === undefined) return preview;
  const now = clock.now();
  const [found, muted] = await Promise.all([
    events.listDecidable(tenancy.accountId, new Date(now.getTime() - previewDays * dayMs), maxEvents),
    mutes.listByChannel(tenancy, now),
  ]);
  const recent = new Map<string, RecentAlert[]>();
  const decided = found.toReversed().map(({ event, receivedAt }) => {
    const similar = JSON.stringify([event.customer.id, event.type]);
    const before = recent.get(similar);
    const decision = decide(event, { rules, pausedUntil: null, mutes: muted }, receivedAt, before);
    const alert = { level: event.risk_level, at: receivedAt };
    if (decision.outcome !== 'suppress') recent.set(similar, [alert, ...(before ?? [])].slice(0, maxRecent));
    return { event, decision };
  });
  for (const { event, decision } of decided.toReversed()) {
    const { type, customer } = event;
    if (decision.outcome === 'suppress') {
      preview.suppressed += 1;
      if (preview.latestSuppressed.length < maxExamples)
        preview.latestSuppressed.push({ type, customer, reason: decision.reason });
      continue;
    }
    const isHeld = decision.outcome === 'hold';
    if (isHeld) preview.held += 1;
    else preview.sent += 1;
    if (preview.latestSent.length < maxExamples) preview.latestSent.push({ type, customer, isHeld });
  }
  return preview;
}
