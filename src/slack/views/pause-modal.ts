import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { readersTime } from '../../messages/block-kit/time.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { context, section } from './elements.ts';
import { chosenOne, type FieldValue, isOneOf, options, plainInput, readChoice } from './inputs.ts';
import { buildForm } from './modal.ts';

const text = copy.pause;

export const pauseCallbackId = 'pause';

export const pauseBlockId = 'pause';

export const pauseMetadataSchema = z.object({
  channelId: z.string(),
  hour: z.iso.datetime(),
  tomorrow: z.iso.datetime(),
});

const kinds = ['hour', 'tomorrow', 'until_resumed'] as const;

type PauseMetadata = z.infer<typeof pauseMetadataSchema>;

/** @param channel in mrkdwn */
export function buildPauseModal(channel: string, metadata: PauseMetadata): ModalView {
  const choices = options(kinds, text.choices);
  return buildForm({
    callbackId: pauseCallbackId,
    title: text.title,
    submit: text.submit,
    metadata,
    blocks: [
      section(text.about(channel)),
      plainInput({
        id: pauseBlockId,
        label: text.label,
        element: {
          type: 'radio_buttons',
          action_id: actionIds.pauseChoice,
          options: choices,
          ...chosenOne(choices, 'hour'),
        },
      }),
      context(text.ends(readersTime(metadata.hour), readersTime(metadata.tomorrow))),
    ],
  });
}

export function pauseEnd(metadata: PauseMetadata, field: FieldValue | undefined): Date | 'until_resumed' {
  const choice = readChoice(field, isOneOf(kinds));
  if (choice === 'until_resumed') return 'until_resumed';
  return new Date(choice === 'tomorrow' ? metadata.tomorrow : metadata.hour);
}
