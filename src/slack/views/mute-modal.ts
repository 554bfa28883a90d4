import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { PerlyEvent } from '../../domain/event.ts';
import { muteOptions, mutePeriods } from '../../messages/alert-controls.ts';
import { customerName } from '../../messages/alert-lines.ts';
import { isolate } from '../../messages/block-kit/clean.ts';
import { readersTime } from '../../messages/block-kit/time.ts';
import { toOption } from '../../messages/buttons.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { boldLine, section } from './elements.ts';
import { chosenOne, plainInput } from './inputs.ts';
import { buildForm } from './modal.ts';

const text = copy.mute;

export const muteCallbackId = 'mute';

export const muteBlockId = 'mute';

/** The longest name of a customer that is shown. */
const maxNameLength = 80;

/** The click that opened the modal: which alert in which message, and where that message is redrawn. */
export const muteMetadataSchema = z.object({
  teamId: z.string(),
  ref: z.string(),
  revision: z.number(),
  posted: z.array(z.string()),
  /** Sealed: Bolt logs views, and whoever has it can replace the message. */
  responseUrl: z.string(),
});

export type MuteMetadata = z.infer<typeof muteMetadataSchema>;

/**
 * Asks for how long to mute an alert's customer.
 *
 * @param channel in mrkdwn
 * @param mutedUntil the end of the mute that there is
 */
export function buildMuteModal(
  { event, channel, mutedUntil }: { event: PerlyEvent; channel: string; mutedUntil: Date | undefined },
  metadata: MuteMetadata,
): ModalView {
  const choices = mutePeriods.map((period) => toOption(muteOptions[period].label, period));
  return buildForm({
    callbackId: muteCallbackId,
    title: text.title,
    submit: text.submit,
    metadata,
    blocks: [
      boldLine(text.question(isolate(customerName(event, maxNameLength)))),
      section(text.about(channel)),
      ...(mutedUntil === undefined ? [] : [section(text.already(readersTime(mutedUntil.toISOString())))]),
      plainInput({
        id: muteBlockId,
        label: text.label,
        element: {
          type: 'radio_buttons',
          action_id: actionIds.muteChoice,
          options: choices,
          ...chosenOne(choices, 'day'),
        },
      }),
    ],
  });
}
