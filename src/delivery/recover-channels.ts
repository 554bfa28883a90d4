import type { Logger } from 'pino';
import { type Clock, later } from '../lib/clock.ts';
import { minuteMs } from '../lib/time.ts';
import type { Channel, Trouble } from '../store/channels/document.ts';
import type { ChannelHealthStore } from '../store/channels/health.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import { presentTrouble } from '../store/deliveries/summary.ts';
import type { LeaseStore } from '../store/leases.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';
import { forEachIsolated } from './for-each-isolated.ts';
import type { NextSteps } from './reevaluate-held.ts';
import { waitEnd } from './trouble.ts';

/** Openings are planned this far ahead, which is longer than the time between two runs. */
const planAheadMs = 3 * minuteMs;

const pageSize = 1000;

/** Each part may run twice, late, or in two processes at once. */
export function createChannelRecovery(parts: {
  channels: ChannelStore;
  channelHealth: Pick<ChannelHealthStore, 'listTroubled' | 'endTrouble'>;
  deliveries: DeliveryStore;
  leases: Pick<LeaseStore, 'listFree'>;
  reevaluateHeld: (channelId: string) => Promise<NextSteps>;
  endLate: (tenancy: Tenancy, until: Date, channel: Channel | undefined) => Promise<void>;
  scheduleNext: (nextSteps: NextSteps) => void;
  onTrouble: (teamId: string) => void;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}) {
  const { channels, deliveries, leases, clock, logger } = parts;

  async function isOngoing(trouble: Trouble, tenancy: Tenancy | undefined): Promise<boolean> {
    // An alert may seem to be sent since then by a clock that is ahead.
    if (waitEnd(trouble, clock.now()) !== undefined) return true;
    if (tenancy !== undefined && (await deliveries.hasSentSince(tenancy, trouble.since))) return false;
    const [waiting] = tenancy === undefined ? [] : await deliveries.listPending(tenancy, 1);
    return presentTrouble({ trouble }, { isWaiting: waiting !== undefined }, clock.now()) !== null;
  }

  async function listDue(now: Date): Promise<Tenancy[]> {
    const due = await deliveries.listDue(now);
    for await (const opened of deliveries.listOpened(now)) due.push(...opened);
    for (const channel of await channels.listEverBroken()) {
      const tenancy = tenancyOf(channel);
      if (tenancy === undefined) continue;
      if (channel.status === 'broken') await deliveries.hold(tenancy, now);
      else if (await deliveries.hasHeldDue(tenancy, now)) due.push(tenancy);
    }
    return due;
  }

  /** @param listedAt all of the due deliveries were recorded before this */
  async function takeOver(due: readonly Tenancy[], listedAt: Date): Promise<number> {
    const ids = due.map(({ channelId }) => channelId);
    const found = new Map((await channels.listByIds(ids)).map((channel) => [channel._id, channel]));
    const isServed = ({ channelId, accountId }: Tenancy) => found.get(channelId)?.accountId === accountId;
    const active = due
      .filter(isServed)
      .flatMap(({ channelId }) => (found.get(channelId)?.status === 'active' ? [channelId] : []));
    const free = await leases.listFree([...new Set(active)]);
    deliveries.forgetQueues(free);
    parts.scheduleNext({ channelIds: free, openings: [] });
    await forEachIsolated(due, async (tenancy) => {
      const channel = found.get(tenancy.channelId);
      if (!isServed(tenancy)) await parts.endLate(tenancy, listedAt, channel);
      else if (channel?.status === 'broken') await deliveries.hold(tenancy, clock.now());
    });
    return free.length;
  }

  return {
    async reevaluateChanged(): Promise<void> {
      await forEachIsolated(await channels.listNeedingReevaluation(), async (id) =>
        parts.scheduleNext(await parts.reevaluateHeld(id)),
      );
    },

    /**
     * Ends troubles of a process that died before it recorded that Slack accepts alerts again, and troubles
     * without waiting alerts.
     */
    async endTroubles(): Promise<void> {
      await forEachIsolated(await parts.channelHealth.listTroubled(), async (channel) => {
        const { trouble } = channel;
        const tenancy = tenancyOf(channel);
        if (!trouble || (await isOngoing(trouble, tenancy))) return;
        if (tenancy !== undefined) await deliveries.retryNow(tenancy, clock.now());
        const teamId = await parts.channelHealth.endTrouble(channel);
        if (teamId !== undefined) parts.onTrouble(teamId);
      });
    },

    /** Wakes channels with due deliveries; holds those of broken channels, and ends those of former accounts. */
    async takeOverDue(): Promise<void> {
      const listedAt = clock.now();
      const due = await listDue(listedAt);
      const pages = Array.from({ length: Math.ceil(due.length / pageSize) }, (_, page) => page * pageSize);
      let takenOver = 0;
      await forEachIsolated(pages, async (from) => {
        takenOver += await takeOver(due.slice(from, from + pageSize), listedAt);
      });
      if (takenOver > 0) logger.info({ channels: takenOver }, 'recovering channels with due deliveries');
    },

    async planOpenings(): Promise<void> {
      const openings = await deliveries.listOpenings(clock.now(), later(clock, planAheadMs));
      parts.scheduleNext({ channelIds: [], openings });
    },
  };
}
