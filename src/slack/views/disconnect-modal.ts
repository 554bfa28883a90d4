import type { ModalView } from '@slack/types';
import type { Channel } from '../../store/channels/document.ts';
import type { DeliverySummary } from '../../store/deliveries/summary.ts';
import { actionIds } from './action-ids.ts';
import { countUpTo } from './channel-card.ts';
import { copy } from './copy.ts';
import { button, section } from './elements.ts';
import { buildForm } from './modal.ts';

const text = copy.disconnect;

export const disconnectCallbackId = 'disconnect';

/** @param channel in mrkdwn */
export function buildDisconnectModal(
  channel: string,
  summary: Pick<DeliverySummary, 'held' | 'isWaiting'>,
  { _id: channelId, configurationUrl }: Pick<Channel, '_id' | 'configurationUrl'>,
): ModalView {
  const manage = configurationUrl
    ? button({ id: actionIds.linkManage, text: copy.card.manage, url: configurationUrl })
    : undefined;
  return buildForm({
    callbackId: disconnectCallbackId,
    title: text.title,
    submit: text.submit,
    metadata: { channelId },
    blocks: [
      section(text.about(channel)),
      section(`${text.goes(listDeleted(summary))}\n${text.stays}`),
      section(text.remains, manage),
    ],
  });
}

function listDeleted({ held, isWaiting }: Pick<DeliverySummary, 'held' | 'isWaiting'>): string {
  const deleted = [
    text.connection,
    text.mutes,
    ...(held === 0 ? [] : [text.held(countUpTo(held))]),
    ...(isWaiting ? [text.waiting] : []),
  ];
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(deleted);
}
