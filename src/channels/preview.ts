import { decide } from '../domain/decide.ts';
import type { Rules } from '../domain/rules.ts';
import type { Clock } from '../lib/clock.ts';
import { dayMs } from '../lib/time.ts';
import type { Channel } from '../store/channels/document.ts';
import type { EventStore } from '../store/events.ts';
import type { MuteStore } from '../store/mutes.ts';
import { tenancyOf } from '../store/tenancy.ts';

const previewDays = 7;

/** The number of latest events to evaluate, so that a modal opens in time. */
const maxEvents = 5000;

export type Preview = { sent: number; held: number; keptBack: number };

/**
 * Applies rules to the account's events of the last seven days, each at its time of arrival, with the present mutes
 * and no pause.
 */
export async function previewRules(
  { events, mutes, clock }: { events: EventStore; mutes: MuteStore; clock: Pick<Clock, 'now'> },
  channel: Pick<Channel, '_id' | 'accountId'>,
  rules: Rules,
): Promise<Preview> {
  const preview: Preview = { sent: 0, held: 0, keptBack: 0 };
  const tenancy = tenancyOf(channel);
  if (tenancy === undefined) return preview;
  const now = clock.now();
  const [found, muted] = await Promise.all([
    events.listDecidable(tenancy.accountId, new Date(now.getTime() - previewDays * dayMs), maxEvents),
    mutes.listByChannel(tenancy, now),
  ]);
  for (const { event, receivedAt } of found) {
    const { outcome } = decide(event, { rules, pausedUntil: null, mutes: muted }, receivedAt);
    if (outcome === 'send') preview.sent += 1;
    else if (outcome === 'hold') preview.held += 1;
    else preview.keptBack += 1;
  }
  return preview;
}
