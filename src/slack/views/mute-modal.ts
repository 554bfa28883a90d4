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

const maxNameLength = 80;

/** The click that opened the modal: the alert, its message, and where to rerender the message. */
export const muteMetadataSchema = z.object({
  teamId: z.string(),
  ref: z.string(),
  revision: z.number(),
  posted: z.array(z.string()),
  /** Encrypted: Bolt logs views, and whoever knows the URL can replace the message. */
  responseUrl: z.string(),
});

export type MuteMetadata = z.infer<typeof muteMetadataSchema>;

/** @param channel in mrkdwn @param mutedUntil the end of an existing mute */
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
