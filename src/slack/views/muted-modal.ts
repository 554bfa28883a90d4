import type { ActionsBlock, KnownBlock, ModalView, SectionBlock } from '@slack/types';
import { toReasonLine } from '../../messages/alert-controls.ts';
import { clean } from '../../messages/block-kit/clean.ts';
import { limits } from '../../messages/block-kit/limits.ts';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';
import { readersTime } from '../../messages/block-kit/time.ts';
import { truncate } from '../../messages/block-kit/truncate.ts';
import type { Channel } from '../../store/channels/document.ts';
import type { Mute } from '../../store/mutes.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { button, context, namedSection, section } from './elements.ts';
import { mentionChannel, mentionPeople } from './mentions.ts';
import { pageOf } from './modal.ts';

const text = copy.muted;

/** Each customer takes two blocks, of the 100 that Slack accepts. */
const pageSize = 25;

const maxNameLength = 60;

/** @param mutes all mutes of the channel @param page counted from 0; the last one if there are fewer */
export function buildMutedModal(channel: Channel, mutes: readonly Mute[], page = 0): ModalView {
  const { page: shownPage, lastPage, first, shown } = pageOf(mutes, pageSize, page);
  return {
    type: 'modal',
    title: plainText(text.title),
    close: plainText(copy.modal.close),
    private_metadata: JSON.stringify({ channelId: channel._id }),
    blocks: [
      section(shown.length === 0 ? text.none(mentionChannel(channel)) : text.about(mentionChannel(channel))),
      ...shown.flatMap((mute) => muteBlocks(mute, shownPage)),
      ...(lastPage === 0
        ? []
        : [context(text.page(first + 1, first + shown.length, mutes.length)), turnPage(shownPage, lastPage)]),
    ],
  };
}

function muteBlocks({ customerId, customerName, until, mutedBy, reason }: Mute, page: number): KnownBlock[] {
  const name = truncate(clean(customerName) || clean(customerId), maxNameLength);
  const time = readersTime(until.toISOString());
  const head: SectionBlock = namedSection(
    { name, rest: text.until(time, mentionPeople([mutedBy]) || text.byPerly) },
    button({
      id: actionIds.unmute,
      text: text.unmute,
      label: truncate(text.unmuteLabel(name), limits.accessibilityLabel),
      value: `${page} ${customerId}`,
    }),
  );
  if (reason === undefined) return [head];
  return [head, { type: 'context', elements: [plainText(toReasonLine(reason))] }];
}

function turnPage(page: number, lastPage: number): ActionsBlock {
  return {
    type: 'actions',
    elements: [
      ...(page === 0
        ? []
        : [button({ id: actionIds.previousMuted, text: text.previous, value: String(page - 1) })]),
      ...(page === lastPage
        ? []
        : [button({ id: actionIds.nextMuted, text: text.next, value: String(page + 1) })]),
    ],
  };
}

export function readMutedValue(value: string): { page: number; customerId: string } {
  const [, page = '0', customerId = ''] = /^(\d{1,6})(?: (.*))?$/s.exec(value) ?? [];
  return { page: Number(page), customerId };
}
