import type { ActionsBlock, InputBlock, PlainTextOption } from '@slack/types';
import type { Owner } from '../../domain/owner.ts';
import { maxOwners, mentionChoices, remindChoices, repeatChoices } from '../../domain/rules.ts';
import { clean } from '../../messages/block-kit/clean.ts';
import { limits } from '../../messages/block-kit/limits.ts';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';
import { truncate } from '../../messages/block-kit/truncate.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { button } from './elements.ts';
import { chosenOne, input, options } from './inputs.ts';
import type { RulesDraft } from './rules-draft.ts';

const text = copy.rules;

/** These fields are shown while some owners are chosen. @param ownerNames by id, as far as they are known */
export function rareFields(
  draft: RulesDraft,
  { generation, rare }: { generation: number; rare: boolean },
  ownerNames: ReadonlyMap<string, string>,
): (InputBlock | ActionsBlock)[] {
  const toggle: ActionsBlock = {
    type: 'actions',
    elements: [button({ id: actionIds.rareRules, text: rare ? text.fewerRules : text.moreRules })],
  };
  return [
    ...(rare
      ? [
          ownersField(draft, generation, ownerNames),
          mentionField(draft, generation),
          repeatField(draft, generation),
          remindField(draft, generation),
        ]
      : []),
    ...(draft.owners.length > 0 && rare ? [] : [toggle]),
  ];
}

function ownersField(
  { owners }: RulesDraft,
  generation: number,
  names: ReadonlyMap<string, string>,
): InputBlock {
  const chosen = owners.map((id) => ownerOption({ id, name: names.get(id) ?? id }));
  return {
    ...input({
      field: 'owners',
      generation,
      label: text.owners,
      hint: text.ownersHint,
      element: {
        type: 'multi_external_select',
        action_id: actionIds.rulesOwners,
        min_query_length: 0,
        max_selected_items: maxOwners,
        placeholder: plainText(text.ownersPlaceholder),
        ...(chosen.length > 0 && { initial_options: chosen }),
      },
    }),
    optional: true,
  };
}

function mentionField({ mentionOwner }: RulesDraft, generation: number): InputBlock {
  const { mentionOwner: label, mentionOwnerHint: hint } = text;
  const choices = options(mentionChoices, text.mentions);
  return selectField({ field: 'mentionOwner', generation, label, hint, choices, chosen: mentionOwner });
}

function repeatField({ repeatAfter }: RulesDraft, generation: number): InputBlock {
  const { repeatAfter: label, repeatAfterHint: hint } = text;
  const choices = options(repeatChoices, text.repeats);
  return selectField({ field: 'repeatAfter', generation, label, hint, choices, chosen: repeatAfter });
}

function remindField({ remindAfter }: RulesDraft, generation: number): InputBlock {
  const { remindAfter: label, remindAfterHint: hint } = text;
  const choices = options(remindChoices, text.reminders);
  return selectField({ field: 'remindAfter', generation, label, hint, choices, chosen: remindAfter });
}

function selectField({
  choices,
  chosen,
  ...field
}: Omit<Parameters<typeof input>[0], 'element'> & {
  choices: ReturnType<typeof options>;
  chosen: string;
}): InputBlock {
  return input({
    ...field,
    element: {
      type: 'static_select',
      action_id: actionIds.rulesField,
      options: choices,
      ...chosenOne(choices, chosen),
    },
  });
}

export function ownerOptions(owners: readonly Owner[], query: string): PlainTextOption[] {
  const wanted = query.trim().toLowerCase();
  return owners
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .slice(0, limits.selectOptions)
    .map(ownerOption);
}

function ownerOption({ id, name }: Owner): PlainTextOption {
  const shown = clean(name) || clean(id) || text.unnamedOwner;
  return { text: plainText(truncate(shown, limits.optionText)), value: id };
}
