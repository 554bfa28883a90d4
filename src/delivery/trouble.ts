import type { Clock } from '../lib/clock.ts';
import { minuteMs } from '../lib/time.ts';
import type { SendableChannel, Trouble } from '../store/channels/document.ts';
import type { ChannelHealthStore } from '../store/channels/health.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import { tenancyOf } from '../store/tenancy.ts';
import { isFromSlack, type Outcome } from './webhook/classify-response.ts';
import { maxWaitMs } from './webhook/retry-after.ts';

/** Waits grow if Slack does not say how long to wait: 1, 2, 4 … 60 s. */
const firstWaitMs = 1000;
const maxDefaultWaitMs = minuteMs;

/** Returns `undefined` if Slack did not ask to wait, or the wait is longer than any answer can ask for. */
export function waitEnd(trouble: Trouble | null | undefined, now: Date): Date | undefined {
  const until = trouble?.waitsUntil ?? undefined;
  if (until === undefined || until <= now) return undefined;
  return until.getTime() - now.getTime() <= maxWaitMs ? until : undefined;
}

/** Returns `null` if the channel has no trouble after the outcome. */
export function troubleAfter(before: Trouble | null, outcome: Outcome, now: Date): Trouble | null {
  const kept = { since: before?.since ?? now, ...(before?.isChannels && { isChannels: true as const }) };
  switch (outcome.kind) {
    case 'retry':
      return { ...kept, reason: outcome.error, waitsUntil: null, waits: 0 };
    case 'wait': {
      const earlier = before?.waits ?? 0;
      const ms = outcome.ms ?? Math.min(firstWaitMs * 2 ** earlier, maxDefaultWaitMs);
      return {
        ...kept,
        reason: 'rate_limited',
        waitsUntil: new Date(now.getTime() + Math.max(ms, firstWaitMs)),
        waits: outcome.ms === undefined ? Math.min(earlier + 1, 10) : 0,
      };
    }
    case 'refused':
      return isFromSlack(outcome) ? null : before;
    default:
      return null;
  }
}

export type Troubles = ReturnType<typeof createTroubles>;

/** Stores why a channel's alerts fail, for all processes and across restarts. */
export function createTroubles(parts: {
  channelHealth: Pick<ChannelHealthStore, 'setTrouble'>;
  deliveries: Pick<DeliveryStore, 'retryNow'>;
  onTrouble?: (teamId: string) => void;
  clock: Pick<Clock, 'now'>;
}) {
  const { channelHealth, deliveries, clock, onTrouble = () => {} } = parts;
  return {
    /** Writes only when a trouble starts, changes or ends. At its end, waiting retries are sent at once. */
    async recordOutcome(channel: SendableChannel, outcome: Outcome, now: Date = clock.now()): Promise<void> {
      const before = channel.trouble ?? null;
      const after = troubleAfter(before, outcome, now);
      if (isSame(before, after)) return;
      const tenancy = tenancyOf({ _id: channel.id, accountId: channel.accountId });
      const isOver = after === null && outcome.kind !== 'broken';
      if (isOver && tenancy !== undefined) await deliveries.retryNow(tenancy, now);
      const teamId = await channelHealth.setTrouble(channel.id, channel.connectedAt, after);
      channel.trouble = after;
      if (teamId !== undefined && before?.reason !== after?.reason) onTrouble(teamId);
    },

    async blameChannel(channel: SendableChannel): Promise<void> {
      if (!channel.trouble || channel.trouble.isChannels) return;
      channel.trouble = { ...channel.trouble, isChannels: true };
      await channelHealth.setTrouble(channel.id, channel.connectedAt, channel.trouble);
    },
  };
}

function isSame(one: Trouble | null, other: Trouble | null): boolean {
  if (one === null || other === null) return one === other;
  return one.reason === other.reason && one.waitsUntil?.getTime() === other.waitsUntil?.getTime();
}
