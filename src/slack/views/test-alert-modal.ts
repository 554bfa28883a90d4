import type { ModalView } from '@slack/types';
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
      return buildNotice(text.title, text.failed(channel));
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
        {
          type: 'actions',
          elements: [
            button({
              id: actionIds.linkReconnect,
              text: copy.card.reconnect,
              url: reconnectUrl,
              style: 'primary',
            }),
          ],
        },
      ]);
  }
}
