import type { Logger } from 'pino';
import { type Clock, later } from '../clock.ts';
import type { ChannelHealthStore } from '../store/channel-health.ts';
import type { ChannelStore } from '../store/channels.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { LeaseStore } from '../store/leases.ts';
import type { Leaving } from './leaving.ts';
import type { Mover } from './move.ts';
import type { FollowUp } from './redecide.ts';

/** Picks up what was left behind. Running it twice, late, or in two processes at once does no harm. */
export type Sweep = () => Promise<void>;

/**
 * How far ahead openings are planned that nobody planned, which is more than the time between two sweeps.
 * Milliseconds.
 */
const planAheadMs = 3 * 60_000;

/** How many channels are looked at together. */
const pageSize = 1000;

/**
 * Finds the channels that have something due and no living process that serves them, and wakes them here. It also
 * ends what a crash left half done: rules that changed before what is held was decided anew, pending deliveries of a
 * channel that broke or was taken out, moves, workspaces that left, openings that were not planned.
 *
 * @param parts.mend mends what processes of an older version wrote
 */
export function createSweep(parts: {
  channels: ChannelStore;
  channelHealth: Pick<ChannelHealthStore, 'listTroubled' | 'setTrouble'>;
  deliveries: DeliveryStore;
  leases: LeaseStore;
  mend: () => Promise<unknown>;
  redecide: (channelId: string) => Promise<FollowUp>;
  mover: Pick<Mover, 'resume' | 'tidy'>;
  leaving: Pick<Leaving, 'resume'>;
  follow: (followUp: FollowUp) => void;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}): Sweep {
  const { channels, deliveries, leases, clock, logger } = parts;

  /** A process that died, or that had read the channel before, may not have said that Slack takes its alerts again. */
  async function endTroubles(): Promise<void> {
    for (const { _id, connectedAt, trouble } of await parts.channelHealth.listTroubled())
      if (trouble && (await deliveries.hasSentSince(_id, trouble.since)))
        await parts.channelHealth.setTrouble(_id, connectedAt, null);
  }

  async function listDue(): Promise<Set<string>> {
    const now = clock.now();
    const due = new Set(await deliveries.listDueChannels(now));
    for await (const ids of deliveries.listOpened(now)) for (const id of ids) due.add(id);
    for (const channel of await channels.listOnceBroken()) {
      if (channel.status === 'broken') await deliveries.hold(channel._id, now);
      else if (await deliveries.hasHeldDue(channel._id, now)) due.add(channel._id);
    }
    return due;
  }

  async function takeUp(ids: readonly string[]): Promise<number> {
    const found = new Map((await channels.listByIds(ids)).map((channel) => [channel._id, channel.status]));
    for (const id of ids) {
      const status = found.get(id) ?? 'disconnected';
      if (status === 'broken') await deliveries.hold(id, clock.now());
      else if (status === 'disconnected') await parts.mover.tidy(id);
    }
    const free = await leases.listFree(ids.filter((id) => found.get(id) === 'active'));
    parts.follow({ channelIds: free, openings: [] });
    return free.length;
  }

  return async () => {
    await parts.mend();
    for (const id of await channels.listUnsettled()) parts.follow(await parts.redecide(id));
    await endTroubles();
    await parts.leaving.resume();
    await parts.mover.resume();
    const due = [...(await listDue())];
    let taken = 0;
    for (let from = 0; from < due.length; from += pageSize)
      taken += await takeUp(due.slice(from, from + pageSize));
    if (taken > 0) logger.info({ channels: taken }, 'taking up what was left behind');
    const openings = await deliveries.listOpenings(clock.now(), later(clock, planAheadMs));
    parts.follow({ channelIds: [], openings });
  };
}
