import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import { teamIdOf } from '../store/channels/store.ts';
import type { ChannelSettings } from './settings.ts';

/**
 * Disconnects direct messages that an earlier version connected; people cannot, since App Home does not list them.
 * @returns a recovery step that does nothing more after its first success, since none is connected any more
 */
export function createDirectMessageRemoval(parts: {
  channels: Pick<ChannelStore, 'listDirectMessages'>;
  settings: Pick<ChannelSettings, 'disconnect'>;
}): () => Promise<void> {
  let isDone = false;
  return async () => {
    if (isDone) return;
    await forEachIsolated(await parts.channels.listDirectMessages(), async (id) => {
      await parts.settings.disconnect(id, { kind: 'slack', teamId: teamIdOf(id) });
    });
    isDone = true;
  };
}
