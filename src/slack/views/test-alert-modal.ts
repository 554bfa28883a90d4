import type { ModalView } from '@slack/types';
import type { TestAlertResult } from '../../delivery/test-alert.ts';
import { escapeText } from '../messages/escape-text.ts';
import { readersTime } from '../messages/time.ts';
import { actionIds } from './action-ids.ts';
import { button, context } from './elements.ts';
import { buildNotice } from './modal.ts';
import { words } from './words.ts';

const text = words.testAlert;

/** What came of a test alert. @param channel in mrkdwn @param reconnectUrl where a broken channel comes back */
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
      return buildNotice(text.title, text.broken(channel, escapeText(result.reason)), [
        context(text.brokenHint),
        {
          type: 'actions',
          elements: [
            button({
              id: actionIds.linkReconnect,
              text: words.card.reconnect,
              url: reconnectUrl,
              style: 'primary',
            }),
          ],
        },
      ]);
  }
}
