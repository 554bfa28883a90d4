import type { App, BlockButtonAction } from '@slack/bolt';
import { isPaused } from '../../../domain/decide.ts';
import { teamIdOf } from '../../../store/channels/store.ts';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { HomePublisher } from '../../home/publisher.ts';
import type { HomeServices } from '../../home/services.ts';
import { channelOfButton } from '../../home/view-person.ts';
import { actionIds } from '../../views/action-ids.ts';

/** Publishes Home even if there was nothing to resume. */
export function register(
  app: App,
  clicks: Pick<ChannelClicks, 'find'>,
  { settings, clock }: HomeServices,
  publisher: HomePublisher,
): void {
  app.action<BlockButtonAction>(actionIds.resume, async ({ ack, action, body }) => {
    await ack();
    const channelId = channelOfButton(body, action.block_id);
    if (channelId === undefined) return;
    const found = await clicks.find(body, channelId);
    if ('channel' in found && isPaused(found.channel, clock.now()))
      await settings.resume(channelId, { kind: 'user', ...found.viewer });
    else publisher.changed(teamIdOf(channelId), body.user.id);
  });
}
