import type { App, BlockButtonAction } from '@slack/bolt';
import { isPaused } from '../../../rules/decide.ts';
import { findManaged } from '../../home/managed-channel.ts';
import type { HomePublisher } from '../../home/publisher.ts';
import type { HomeServices } from '../../home/services.ts';
import { viewerOf } from '../../home/viewer-of.ts';
import { actionIds, channelOfBlock } from '../../views/action-ids.ts';

/** "Resume" of a paused channel. Home then shows how it is, also where there was nothing left to resume. */
export function register(
  app: App,
  { channels, settings, clock }: HomeServices,
  publisher: HomePublisher,
): void {
  app.action<BlockButtonAction>(actionIds.resume, async ({ ack, action, body }) => {
    await ack();
    const viewer = viewerOf(body);
    if (viewer === undefined) return;
    const found = await findManaged(channels, viewer, channelOfBlock(action.block_id));
    if ('channel' in found && isPaused(found.channel, clock.now()))
      await settings.resume(found.channel._id, { kind: 'user', ...viewer });
    else publisher.changed(viewer.teamId, viewer.userId);
  });
}
