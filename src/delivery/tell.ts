import type { Clock } from '../clock.ts';
import type { AuditStore } from '../store/audit.ts';
import type { ChannelChange } from './settings.ts';

/** Writes down what was done to a channel, and tells whoever has to know. */
export type Tell = (change: ChannelChange, before?: unknown, after?: unknown) => Promise<void>;

/** @param parts.announce told of every change before whoever made it has an answer */
export function createTell(parts: {
  audit: Pick<AuditStore, 'add'>;
  announce: (change: ChannelChange) => Promise<void>;
  clock: Pick<Clock, 'now'>;
}): Tell {
  return async (change, before, after) => {
    const { action, channel, actor } = change;
    await parts.audit.add({
      at: parts.clock.now(),
      channelId: channel._id,
      teamId: channel.teamId,
      accountId: channel.accountId,
      actor,
      action,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    });
    await parts.announce(change);
  };
}
