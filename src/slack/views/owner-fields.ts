import type { InputBlock, PlainTextOption } from '@slack/types';
import type { Owner } from '../../domain/owner.ts';
import { maxOwners, mentionChoices, remindChoices, repeatChoices } from '../../domain/rules.ts';
import { clean } from '../../messages/block-kit/clean.ts';
import { limits } from '../../messages/block-kit/limits.ts';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';
import { truncate } from '../../messages/block-kit/truncate.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { chosenOne, input, options } from './inputs.ts';
import type { RulesDraft } from './rules-draft.ts';

const text = copy.rules;

export function rareFields(
  { mentionOwner, repeatAfter, remindAfter }: RulesDraft,
  generation: number,
): InputBlock[] {
  return [
    selectField('mentionOwner', generation, options(mentionChoices, text.mentions), mentionOwner),
    selectField('repeatAfter', generation, options(repeatChoices, text.repeats), repeatAfter),
    selectField('remindAfter', generation, options(remindChoices, text.reminders), remindAfter),
  ];
}

/** @param names by the owners' ids, as far as they are known */
export function ownersField(
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

function selectField(
  field: 'mentionOwner' | 'repeatAfter' | 'remindAfter',
  generation: number,
  choices: PlainTextOption[],
  chosen: string,
): InputBlock {
  return input({
    field,
    generation,
    label: text[field],
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
