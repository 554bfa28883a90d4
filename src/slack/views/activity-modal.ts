import type { KnownBlock, ModalView, SectionBlock } from '@slack/types';
import type { ActivityItem } from '../../channels/activity.ts';
import { customerName } from '../../messages/alert-lines.ts';
import { limits } from '../../messages/block-kit/limits.ts';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';
import { readersTime } from '../../messages/block-kit/time.ts';
import { truncate } from '../../messages/block-kit/truncate.ts';
import { headline } from '../../messages/labels.ts';
import type { Channel } from '../../store/channels/document.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { describeOutcome } from './describe-outcome.ts';
import { button, namedSection, section } from './elements.ts';
import { mentionChannel } from './mentions.ts';

const text = copy.activity;

export const shownEvents = 25;

const maxNameLength = 60;

/** A channel's latest events with their outcomes: the answer to "why did I not see this?". */
export function buildActivityModal(channel: Channel, items: readonly ActivityItem[]): ModalView {
  return {
    type: 'modal',
    title: plainText(text.title),
    close: plainText(copy.modal.close),
    private_metadata: JSON.stringify({ channelId: channel._id }),
    blocks: [
      section(text.about(mentionChannel(channel))),
      { type: 'divider' } satisfies KnownBlock,
      ...(items.length === 0
        ? [section(channel.accountId === null ? text.emptyWaiting : text.empty)]
        : items.map((item) => itemBlock(item, channel))),
    ],
  };
}

function itemBlock(item: ActivityItem, channel: Channel): SectionBlock {
  const { event, outcome, deliveryId, receivedAt } = item;
  const customer = customerName(event, maxNameLength);
  const canRetry = outcome === 'failed' && deliveryId !== null && deliveryId.length <= limits.buttonValue;
  const said = `${describeOutcome(item, channel)} · ${text.received(readersTime(receivedAt.toISOString()))}`;
  return namedSection(
    { name: customer, after: ` — ${headline(event)}`, rest: said },
    canRetry
      ? button({
          id: actionIds.retry,
          text: text.retry,
          label: truncate(text.retryLabel(customer), limits.accessibilityLabel),
          value: deliveryId,
        })
      : undefined,
  );
}
