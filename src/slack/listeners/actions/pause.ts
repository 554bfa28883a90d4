import type { App } from '@slack/bolt';
import { untilTomorrow } from '../../../domain/business-hours.ts';
import { weekOf } from '../../../domain/timing.ts';
import { hourMs } from '../../../lib/time.ts';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { HomeServices } from '../../home/services.ts';
import { actionIds } from '../../views/action-ids.ts';
import { copy } from '../../views/copy.ts';
import { mentionChannel } from '../../views/mentions.ts';
import { buildPauseModal } from '../../views/pause-modal.ts';

export function register(app: App, clicks: ChannelClicks, { clock }: Pick<HomeServices, 'clock'>): void {
  clicks.onButton(app, actionIds.pause, copy.pause.title, async ({ channel }) =>
    buildPauseModal(mentionChannel(channel), {
      channelId: channel._id,
      hour: new Date(clock.now().getTime() + hourMs).toISOString(),
      tomorrow: untilTomorrow(weekOf(channel.rules.timing), clock.now()).toISOString(),
    }),
  );
}
