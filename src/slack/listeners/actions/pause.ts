import type { App, BlockButtonAction } from '@slack/bolt';
import { untilTomorrow } from '../../../domain/business-hours.ts';
import { isPaused } from '../../../domain/decide.ts';
import { weekOf } from '../../../domain/timing.ts';
import { hourMs } from '../../../lib/time.ts';
import { teamIdOf } from '../../../store/channels/store.ts';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { HomePublisher } from '../../home/publisher.ts';
import type { HomeServices } from '../../home/services.ts';
import { channelOfButton } from '../../home/view-person.ts';
import { actionIds } from '../../views/action-ids.ts';
import { copy } from '../../views/copy.ts';
import { mentionChannel } from '../../views/mentions.ts';
import { buildPauseModal } from '../../views/pause-modal.ts';

export function register(
  app: App,
  clicks: ChannelClicks,
  { settings, clock }: HomeServices,
  publisher: HomePublisher,
): void {
  clicks.onButton(app, actionIds.pause, copy.pause.title, async ({ channel }) =>
    buildPauseModal(mentionChannel(channel), {
      channelId: channel._id,
      hour: new Date(clock.now().getTime() + hourMs).toISOString(),
      tomorrow: untilTomorrow(weekOf(channel.rules.timing), clock.now()).toISOString(),
    }),
  );

  app.action<BlockButtonAction>(actionIds.resume, async ({ ack, action, body }) => {
    await ack();
    const channelId = channelOfButton(body, action.block_id);
    if (channelId === undefined) return;
    const found = await clicks.find(body, channelId);
    if ('channel' in found && isPaused(found.channel, clock.now()))
      await settings.resume(channelId, { kind: 'user', ...found.viewer });
    // Home is published even if there was nothing to resume.
    else publisher.changed(teamIdOf(channelId), body.user.id);
  });
}
