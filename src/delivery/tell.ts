import type { Logger } from 'pino';
import type { AuditStore } from '../store/audit.ts';
import type { Channel } from '../store/channels.ts';
import {
  type ChangedChannel,
  type ChannelDeed,
  type Deed,
  type LeftUntold,
  newDeedId,
  type UntoldStore,
} from '../store/untold.ts';
import { forEachAlone } from './for-each-alone.ts';

/** Writes down what was done to channels, and tells whoever has to know. */
export type Teller = {
  /** Tells of a channel what is untold, the oldest first. Doing it twice does no harm. @returns the channel for readers */
  tell(changed: ChangedChannel): Promise<Channel>;
  /**
   * Tells of a deed that does not stand in its channel's own document.
   *
   * @param settle says, where it stands, that it was told. Without one it stands nowhere: nobody tells of it when the
   *   process dies right before.
   */
  note(deed: ChannelDeed, settle?: () => Promise<void>): Promise<void>;
  /** Tells what processes that died have left. */
  sweep(): Promise<void>;
  /** Ends what is under way. */
  stop(): Promise<void>;
};

/** What is done to a channel and does not change its document. */
export function toDeed(channel: Channel, deed: Deed): ChannelDeed {
  const { _id: channelId, teamId, accountId, teamName, name, rules, brokenReason } = channel;
  const told = { accountId, teamName, name, rules, brokenReason };
  return { ...deed, id: newDeedId(), channelId, teamId, channel: told };
}

/** @param parts.announce told of everything before whoever did it has an answer; the same twice does no harm */
export function createTeller(parts: {
  audit: Pick<AuditStore, 'add'>;
  untold: Pick<UntoldStore, 'list' | 'settle'>;
  announce: (deed: ChannelDeed) => Promise<void>;
  logger: Logger;
}): Teller {
  const { audit, untold, logger } = parts;
  const settling = new Set<Promise<void>>();

  async function tellOne(deed: ChannelDeed): Promise<void> {
    await Promise.all([write(deed), parts.announce(deed)]);
  }

  async function write({ id, action, actor, ...deed }: ChannelDeed): Promise<void> {
    if (action === 'broken' || action === 'restored' || actor === null) return;
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
    const ids = all.map(({ id }) => id);
    settleSoon(channelId, () => untold.settle(channelId, ids));
  }

  /** Nobody has to wait for it: what stays by accident is told once more, which does no harm. */
  function settleSoon(channelId: string, settle: () => Promise<void>): void {
    const settled = settle()
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

    async note(deed, settle) {
      await tellOne(deed);
      if (settle !== undefined) settleSoon(deed.channelId, settle);
    },

    async sweep() {
      await forEachAlone(await untold.list(), tellAll);
    },

    async stop() {
      await Promise.all(settling);
    },
  };
}
