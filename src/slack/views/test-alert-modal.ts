import type { ActionsBlock, ModalView } from '@slack/types';
import type { TestAlertResult } from '../../channels/test-alert.ts';
import { escapeMrkdwn } from '../../messages/block-kit/mrkdwn.ts';
import { readersTime } from '../../messages/block-kit/time.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { button, context } from './elements.ts';
import { buildNotice } from './modal.ts';

const text = copy.testAlert;

/** @param channel in mrkdwn @param reconnectUrl where to reconnect a broken channel */
export function buildTestAlertModal(
  channel: string,
  result: TestAlertResult,
  reconnectUrl: string,
): ModalView {
  switch (result.kind) {
    case 'sent':
      return buildNotice(text.title, text.sent(channel), [context(text.sentHint)]);
    case 'failed':
      if (result.why === 'unreadable')
        return buildNotice(text.title, text.broken(channel, text.unreadable), [reconnect(reconnectUrl)]);
      return buildNotice(text.title, result.why === 'lost' ? text.lost(channel) : text.failed(channel));
    case 'busy':
      return buildNotice(
        text.title,
        result.until === null
          ? text.busy(channel)
          : text.waits(channel, readersTime(result.until.toISOString())),
      );
    case 'broken':
      return buildNotice(text.title, text.broken(channel, escapeMrkdwn(result.reason)), [
        context(text.brokenHint),
        reconnect(reconnectUrl),
      ]);
  }
}

function reconnect(url: string): ActionsBlock {
  const { linkReconnect: id } = actionIds;
  return {
    type: 'actions',
    elements: [button({ id, text: copy.card.reconnect, url, style: 'primary' })],
  };
}
