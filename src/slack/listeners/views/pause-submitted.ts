import type { App } from '@slack/bolt';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import { goneNotice } from '../../home/managed-channel.ts';
import type { HomeServices } from '../../home/services.ts';
import { actionIds } from '../../views/action-ids.ts';
import { pauseBlockId, pauseCallbackId, pauseEnd, pauseMetadataSchema } from '../../views/pause-modal.ts';

/** The end of the pause was chosen. */
export function register(app: App, clicks: ChannelClicks, { settings }: HomeServices): void {
  clicks.onSubmit(app, pauseCallbackId, async ({ channel, viewer }, view) => {
    const metadata = pauseMetadataSchema.parse(JSON.parse(view.private_metadata));
    const choice = view.state.values[pauseBlockId]?.[actionIds.pauseChoice]?.selected_option?.value;
    const result = await settings.pause(channel._id, pauseEnd(metadata, choice), { kind: 'user', ...viewer });
    return result.kind === 'gone' ? { view: goneNotice() } : 'close';
  });
}
