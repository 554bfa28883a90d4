import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Channel } from '../../../store/channels/document.ts';
import type { ChannelClicks } from '../../home/channel-clicks.ts';
import type { HomeServices } from '../../home/services.ts';
import { actionIds } from '../../views/action-ids.ts';
import { buildActivityModal, shownEvents } from '../../views/activity-modal.ts';
import { copy } from '../../views/copy.ts';

export function register(app: App, clicks: ChannelClicks, services: HomeServices): void {
  const { settings } = services;

  async function show(channel: Channel): Promise<ModalView> {
    return buildActivityModal(channel, await services.listActivity(channel, shownEvents));
  }

  clicks.onButton(app, actionIds.activity, copy.activity.title, ({ channel }) => show(channel));

  clicks.onModalButton(app, actionIds.retry, async ({ channel, viewer }, deliveryId) => {
    await settings.retry(channel._id, [deliveryId], { kind: 'user', ...viewer });
    return show(channel);
  });
}
