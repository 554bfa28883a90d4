import type { App, BlockOverflowAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { emptySummary } from '../../../store/deliveries/summary.ts';
import type { ChannelClick, ChannelClicks } from '../../home/channel-clicks.ts';
import type { HomeServices } from '../../home/services.ts';
import { actionIds } from '../../views/action-ids.ts';
import type { MenuChoice } from '../../views/channel-card.ts';
import { copy } from '../../views/copy.ts';
import { buildDisconnectModal } from '../../views/disconnect-modal.ts';
import { buildManagersModal, maxManagers } from '../../views/managers-modal.ts';
import { mentionChannel } from '../../views/mentions.ts';
import { buildTestAlertModal } from '../../views/test-alert-modal.ts';
import { showMuted } from './muted-customers.ts';

type Entry = { title: string; build: (click: ChannelClick) => Promise<ModalView> };

/** "Move" is a link, for which Slack sends an action too. */
export function register(app: App, clicks: ChannelClicks, services: HomeServices): void {
  const entries = createEntries(services);
  app.action<BlockOverflowAction>(actionIds.menu, async ({ ack, action, body }) => {
    await ack();
    const choice = action.selected_option.value;
    const entry = Object.hasOwn(entries, choice) ? entries[choice as MenuChoice] : undefined;
    if (entry !== undefined)
      await clicks.openFor({ body, blockId: action.block_id }, entry.title, entry.build);
  });
}

function createEntries(services: HomeServices): Record<MenuChoice, Entry> {
  const { deliveries, links, sendTestAlert } = services;
  return {
    test_alert: {
      title: copy.testAlert.title,
      async build({ channel, viewer }) {
        const result = await sendTestAlert(channel, { kind: 'user', ...viewer });
        return buildTestAlertModal(
          mentionChannel(channel),
          result,
          await links.reconnect(viewer, channel._id),
        );
      },
    },
    muted: { title: copy.muted.title, build: ({ channel }) => showMuted(services, channel) },
    managers: {
      title: copy.managers.title,
      async build({ channel, viewer }) {
        const { _id: channelId, managers, externalAcknowledge = false } = channel;
        return buildManagersModal(managers === 'everyone' ? 'everyone' : 'people', {
          channelId,
          channel: mentionChannel(channel),
          external: externalAcknowledge,
          people: managers === 'everyone' ? [viewer.userId] : managers.slice(0, maxManagers),
        });
      },
    },
    disconnect: {
      title: copy.disconnect.title,
      async build({ channel }) {
        const summary = (await deliveries.summarise([channel])).get(channel._id) ?? emptySummary;
        return buildDisconnectModal(mentionChannel(channel), summary, channel);
      },
    },
  };
}
