import type { ActionsBlock, KnownBlock, ModalView, RichTextBlock, SectionBlock } from '@slack/types';
import { z } from 'zod';
import {
  type ActivityItem,
  type ActivityOutcome,
  activityOutcomes,
  activityPosition,
} from '../../channels/activity.ts';
import type { ActivityLine, ActivityLines } from '../../channels/activity-lines.ts';
import { toPluralReasonText } from '../../channels/reason-text.ts';
import { minuteMs } from '../../lib/time.ts';
import { customerName } from '../../messages/alert-lines.ts';
import { isolate } from '../../messages/block-kit/clean.ts';
import { limits } from '../../messages/block-kit/limits.ts';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';
import { readersDate, readersTime } from '../../messages/block-kit/time.ts';
import { truncate } from '../../messages/block-kit/truncate.ts';
import { headline } from '../../messages/labels.ts';
import type { Channel } from '../../store/channels/document.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { allCustomers, customerOption } from './customer-options.ts';
import { describeOutcome } from './describe-outcome.ts';
import { button, namedSection, section } from './elements.ts';
import { chosenOne, options } from './inputs.ts';
import { mentionChannel } from './mentions.ts';

const text = copy.activity;

const shownNames = 3;

const maxNameLength = 60;

/** The filter is stored in the view. */
const filterSchema = z.object({
  outcome: z.enum(activityOutcomes).optional(),
  customer: z.object({ id: z.string(), name: z.string() }).optional(),
  after: activityPosition.optional(),
});

export type ActivityFilter = z.infer<typeof filterSchema>;

/** Shows everything if the filter cannot be read. */
export function readActivityFilter({ private_metadata }: { private_metadata: string }): ActivityFilter {
  return filterSchema.safeParse(JSON.parse(private_metadata)).data ?? {};
}

export function buildActivityModal(
  channel: Channel,
  { lines, next }: ActivityLines,
  filter: ActivityFilter = {},
): ModalView {
  return {
    type: 'modal',
    title: plainText(text.title),
    close: plainText(copy.modal.close),
    private_metadata: JSON.stringify({ channelId: channel._id, ...filter }),
    blocks: [
      section(text.about(mentionChannel(channel))),
      { type: 'divider' } satisfies KnownBlock,
      ...(channel.accountId === null ? [] : [filterBlock(filter)]),
      ...(lines.length === 0
        ? [section(emptyText(channel, filter, next))]
        : lines.map((line) => lineBlock(line, channel))),
      ...pagerBlock(filter, next),
    ],
  };
}

const outcomeOptions = options<'all' | ActivityOutcome>(['all', ...activityOutcomes], text.outcomes);

export function isOutcome(value: string): value is ActivityOutcome {
  return activityOutcomes.some((outcome) => outcome === value);
}

function filterBlock({ outcome, customer }: ActivityFilter): ActionsBlock {
  return {
    type: 'actions',
    block_id: 'activity_filter',
    elements: [
      {
        type: 'static_select',
        action_id: actionIds.activityOutcome,
        placeholder: plainText(text.outcomePlaceholder),
        options: outcomeOptions,
        ...chosenOne(outcomeOptions, outcome ?? 'all'),
      },
      {
        type: 'external_select',
        action_id: actionIds.activityCustomer,
        placeholder: plainText(text.customerPlaceholder),
        min_query_length: 0,
        initial_option: customer === undefined ? allCustomers : customerOption(customer),
      },
    ],
  };
}

function emptyText(
  { accountId }: Channel,
  { outcome, customer, after }: ActivityFilter,
  next: ActivityLines['next'],
): string {
  if (accountId === null) return text.emptyWaiting;
  if (next !== undefined) return text.noneSoFar;
  return outcome === undefined && customer === undefined && after === undefined ? text.empty : text.noneMatch;
}

function pagerBlock({ after }: ActivityFilter, next: ActivityLines['next']): ActionsBlock[] {
  const elements = [
    ...(next === undefined
      ? []
      : [button({ id: actionIds.activityOlder, text: text.older, value: JSON.stringify(next) })]),
    ...(after === undefined ? [] : [button({ id: actionIds.activityLatest, text: text.latest })]),
  ];
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

function lineBlock(line: ActivityLine, channel: Channel): SectionBlock | RichTextBlock {
  return line.length === 1 ? itemBlock(line[0], channel) : runBlock(line);
}

/** Uses rich text, which shows names unchanged. */
function runBlock(line: ActivityLine): RichTextBlock {
  const [latest] = line;
  const earliest = line.at(-1) ?? latest;
  const names = [...new Set(line.map(({ event }) => isolate(customerName(event, maxNameLength))))];
  const shown = names.slice(0, shownNames).join(', ');
  const others = names.length - shownNames;
  const isWithinMinute = latest.receivedAt.getTime() - earliest.receivedAt.getTime() < minuteMs;
  const parts = [
    `\n${others > 0 ? text.andOthers(shown, others) : shown}${text.receivedAt}`,
    ...(isWithinMinute ? [] : [earliest.receivedAt, text.to]),
    latest.receivedAt,
  ];
  return {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          {
            type: 'text',
            text: text.manySuppressed(line.length, toPluralReasonText(latest.reason ?? '')),
            style: { bold: true },
          },
          ...parts.map((part) =>
            typeof part === 'string' ? { type: 'text' as const, text: part } : readersDate(part),
          ),
        ],
      },
    ],
  };
}

function itemBlock(item: ActivityItem, channel: Channel): SectionBlock {
  const { event, outcome, deliveryId, receivedAt } = item;
  const customer = customerName(event, maxNameLength);
  const canRetry = outcome === 'failed' && deliveryId !== null && deliveryId.length <= limits.buttonValue;
  const description = `${describeOutcome(item, channel)} · ${text.received(readersTime(receivedAt.toISOString()))}`;
  return namedSection(
    { name: customer, after: ` — ${headline(event)}`, rest: description },
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
