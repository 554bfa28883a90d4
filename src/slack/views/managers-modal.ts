import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { section } from './elements.ts';
import {
  chosen,
  chosenOne,
  fieldBlockId,
  input,
  isOneOf,
  options,
  plainInput,
  readChoice,
  readFields,
} from './inputs.ts';
import { buildForm } from './modal.ts';

const text = copy.managers;

export const managersCallbackId = 'managers';

const managersMetadataSchema = z.object({
  channelId: z.string(),
  /** The channel in mrkdwn. */
  channel: z.string(),
  /** Kept for when the list is shown again. */
  people: z.array(z.string()),
  external: z.boolean(),
});

export type ManagersMetadata = z.infer<typeof managersMetadataSchema>;

const kinds = ['people', 'everyone'] as const;
export type ManagersKind = (typeof kinds)[number];

/** More managers than this are as good as everyone; their ids are stored in the modal. */
export const maxManagers = 50;

export const peopleBlockId = 'people 0';

export function buildManagersModal(kind: ManagersKind, metadata: ManagersMetadata): ModalView {
  const choices = options(kinds, text);
  return buildForm({
    callbackId: managersCallbackId,
    title: text.title,
    submit: copy.modal.save,
    metadata,
    blocks: [
      section(text.about(metadata.channel)),
      input({
        field: 'kind',
        generation: 0,
        label: text.label,
        element: {
          type: 'radio_buttons',
          action_id: actionIds.managersField,
          options: choices,
          ...chosenOne(choices, kind),
        },
      }),
      ...(kind === 'everyone' ? [] : [peopleInput(metadata.people)]),
      externalInput(metadata.external),
    ],
  });
}

const externalChoices = ['acknowledge'] as const;

function externalInput(isAllowed: boolean): InputBlock {
  const choices = options(
    externalChoices,
    { acknowledge: text.external },
    { acknowledge: text.externalMeaning },
  );
  return {
    ...plainInput({
      id: fieldBlockId('external', 0),
      label: text.externalLabel,
      element: {
        type: 'checkboxes',
        action_id: actionIds.externalField,
        options: choices,
        ...chosen(choices, isAllowed ? externalChoices : []),
      },
    }),
    optional: true,
  };
}

function peopleInput(people: readonly string[]) {
  return input({
    field: 'people',
    generation: 0,
    label: text.peopleLabel,
    element: {
      type: 'multi_users_select',
      action_id: actionIds.managersField,
      placeholder: plainText(text.peoplePlaceholder),
      max_selected_items: maxManagers,
      ...(people.length > 0 && { initial_users: [...people] }),
    },
  });
}

/** Returns the present choices; while the list of people is hidden, those that were chosen before. */
export function readManagersForm(view: Pick<ViewOutput, 'state' | 'private_metadata'>): {
  kind: ManagersKind;
  metadata: ManagersMetadata;
} {
  const metadata = managersMetadataSchema.parse(JSON.parse(view.private_metadata));
  const fields = readFields(view);
  const people = fields.get('people')?.selected_users ?? metadata.people;
  const kind = readChoice(fields.get('kind'), isOneOf(kinds));
  const chosen = fields.get('external')?.selected_options;
  const external = chosen === undefined ? metadata.external : chosen.length > 0;
  return { kind, metadata: { ...metadata, people, external } };
}
