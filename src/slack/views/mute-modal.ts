import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { dayMs, hourMs } from '../../lib/time.ts';
import { clean, isolate } from '../../messages/block-kit/clean.ts';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';
import { readersTime } from '../../messages/block-kit/time.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { boldLine, section } from './elements.ts';
import { chosenOne, isOneOf, options, plainInput, readChoice } from './inputs.ts';
import { buildForm } from './modal.ts';

const text = copy.mute;

export const muteCallbackId = 'mute';

const periodBlockId = 'mute';
const untilBlockId = 'mute_until';
const reasonBlockId = 'mute_reason';

export const maxNameLength = 80;

/** The reason is one line in the alert. */
const maxReasonLength = 150;

const periods = ['day', 'week', 'month', 'date'] as const;
type Period = (typeof periods)[number];
const periodMs = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs } as const;

/** Time from now to the date that is offered first. */
const offeredMs = 14 * dayMs;

const muteMetadataSchema = z.object({
  teamId: z.string(),
  ref: z.string(),
  revision: z.number(),
  posted: z.array(z.string()),
  /** Encrypted: Bolt logs views, and whoever knows the URL can replace the message. */
  responseUrl: z.string(),
  customer: z.string(),
  /** In mrkdwn. */
  channel: z.string(),
  mutedUntil: z.iso.datetime().optional(),
  /** Of the mute in force, so that a longer one does not lose it. */
  reason: z.string().optional(),
});

export type MuteMetadata = z.infer<typeof muteMetadataSchema>;

export function buildMuteModal(metadata: MuteMetadata, now: Date, period: Period = 'day'): ModalView {
  const { customer, channel, mutedUntil, reason } = metadata;
  const choices = options(periods, text.periods);
  return buildForm({
    callbackId: muteCallbackId,
    title: text.title,
    submit: text.submit,
    metadata,
    blocks: [
      boldLine(text.question(isolate(customer))),
      section(text.about(channel)),
      ...(mutedUntil === undefined ? [] : [section(text.already(readersTime(mutedUntil)))]),
      {
        ...plainInput({
          id: periodBlockId,
          label: text.label,
          element: {
            type: 'radio_buttons',
            action_id: actionIds.muteChoice,
            options: choices,
            ...chosenOne(choices, period),
          },
        }),
        // This choice shows or hides the field for the date.
        dispatch_action: true,
      },
      ...(period === 'date' ? [untilInput(now)] : []),
      reasonInput(reason),
    ],
  });
}

/** Slack shows the date, and reads it, in the person's own time zone. */
function untilInput(now: Date): InputBlock {
  const offered = Math.ceil((now.getTime() + offeredMs) / hourMs) * hourMs;
  return {
    ...plainInput({
      id: untilBlockId,
      label: text.untilLabel,
      element: {
        type: 'datetimepicker',
        action_id: actionIds.muteUntil,
        initial_date_time: offered / 1000,
      },
    }),
    hint: plainText(text.untilHint),
  };
}

function reasonInput(reason: string | undefined): InputBlock {
  return {
    ...plainInput({
      id: reasonBlockId,
      label: text.reasonLabel,
      element: {
        type: 'plain_text_input',
        action_id: actionIds.muteReason,
        max_length: maxReasonLength,
        ...(reason !== undefined && { initial_value: reason }),
      },
    }),
    hint: plainText(text.reasonHint),
    optional: true,
  };
}

type Form = Pick<ViewOutput, 'state' | 'private_metadata'>;

export function readMuteMetadata({ private_metadata }: Pick<Form, 'private_metadata'>): MuteMetadata {
  return muteMetadataSchema.parse(JSON.parse(private_metadata));
}

export function readMutePeriod({ state }: Pick<Form, 'state'>): Period | undefined {
  const chosen = state.values[periodBlockId]?.[actionIds.muteChoice]?.selected_option?.value;
  return periods.find((period) => period === chosen);
}

/** Faults are returned by `block_id`. @throws AppError `form_unreadable` */
export function readMuteForm(
  form: Pick<Form, 'state'>,
  now: Date,
): { until: Date; reason: string | undefined } | { errors: Record<string, string> } {
  const { values } = form.state;
  const period = readChoice(values[periodBlockId]?.[actionIds.muteChoice], isOneOf(periods));
  const reason = clean(values[reasonBlockId]?.[actionIds.muteReason]?.value ?? '') || undefined;
  if (period !== 'date') return { until: new Date(now.getTime() + periodMs[period]), reason };
  const seconds = values[untilBlockId]?.[actionIds.muteUntil]?.selected_date_time;
  if (typeof seconds !== 'number') return { errors: { [untilBlockId]: text.noDate } };
  const until = new Date(seconds * 1000);
  return until > now ? { until, reason } : { errors: { [untilBlockId]: text.past } };
}
