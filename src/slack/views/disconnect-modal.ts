import type { ModalView } from '@slack/types';
import type { Channel } from '../../store/channels/document.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { button, section } from './elements.ts';
import { buildForm } from './modal.ts';

const text = copy.disconnect;

export const disconnectCallbackId = 'disconnect';

/** @param channel in mrkdwn @param held the number of alerts it holds, as text */
export function buildDisconnectModal(
  channel: string,
  held: string,
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
      section(`${text.goes(held)}\n${text.stays}`),
      section(text.remains, manage),
    ],
  });
}
