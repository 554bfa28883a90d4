import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { AuditStore } from '../store/audit.ts';
import type { Channel } from '../store/channels.ts';
import {
  type ChangedChannel,
  type Deed,
  type LeftUntold,
  newDeedId,
  type Untold,
  type UntoldStore,
} from '../store/untold.ts';

/** Something that was done to a channel, as it is told. */
export type ChannelDeed = Untold & { channelId: string; teamId: string };

/** Writes down what was done to channels, and tells whoever has to know. */
export type Teller = {
  /** Tells of a channel what is untold, the oldest first. Doing it twice does no harm. @returns the channel for readers */
  tell(changed: ChangedChannel): Promise<Channel>;
  /** Writes down what changed nothing of the channel itself. A process that dies right before it leaves no trace. */
  note(channel: Channel, deed: Omit<Deed, 'at'>): Promise<void>;
  /** Tells what processes that died have left. */
  sweep(): Promise<void>;
  /** Ends what is under way. */
  stop(): Promise<void>;
};

/** @param parts.announce told of everything before whoever did it has an answer; the same twice does no harm */
export function createTeller(parts: {
  audit: Pick<AuditStore, 'add'>;
  untold: Pick<UntoldStore, 'list' | 'settle'>;
  announce: (deed: ChannelDeed) => Promise<void>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}): Teller {
  const { audit, untold, clock, logger } = parts;
  const settling = new Set<Promise<void>>();

  async function tellOne(deed: ChannelDeed): Promise<void> {
    await Promise.all([write(deed), parts.announce(deed)]);
  }

  async function write({ id, action, actor, ...deed }: ChannelDeed): Promise<void> {
    if (action === 'broken' || actor === null) return;
    await audit.add(id, {
      at: deed.at,
      channelId: deed.channelId,
      teamId: deed.teamId,
      accountId: deed.channel.accountId,
      actor,
      action,
      ...(deed.before !== undefined && { before: deed.before }),
      ...(deed.after !== undefined && { after: deed.after }),
    });
  }

  async function tellAll({ _id: channelId, teamId, untold: all = [] }: LeftUntold): Promise<void> {
    for (const one of all) await tellOne({ ...one, channelId, teamId });
    if (all.length === 0) return;
    // Nobody has to wait for it: what stays by accident is told once more, which does no harm.
    const ids = all.map(({ id }) => id);
    const settled = untold
      .settle(channelId, ids)
      .catch((error: unknown) => logger.warn({ err: error, channelId }, 'what was told is told once more'))
      .finally(() => settling.delete(settled));
    settling.add(settled);
  }

  return {
    async tell(changed) {
      await tellAll(changed);
      const { untold: _told, ...channel } = changed;
      return channel;
    },

    async note(channel, deed) {
      const { _id: channelId, teamId } = channel;
      await tellOne({ ...deed, id: newDeedId(), at: clock.now(), channelId, teamId, channel });
    },

    async sweep() {
      for (const left of await untold.list()) await tellAll(left);
    },

    async stop() {
      await Promise.all(settling);
    },
  };
}
