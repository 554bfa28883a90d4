import type { App } from '@slack/bolt';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { HomeServices } from '../../home/services.ts';
import { disconnectCallbackId } from '../../views/disconnect-modal.ts';

/** Disconnecting was confirmed; a channel that is gone already is what was wanted. */
export function register(app: App, clicks: ChannelClicks, { settings }: HomeServices): void {
  clicks.onSubmit(app, disconnectCallbackId, async ({ channel, viewer }) => {
    await settings.disconnect(channel._id, { kind: 'user', ...viewer });
    return 'close';
  });
}
