import type { ActionsBlock, ContextBlock, InputBlock, KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { describeRules } from '../../domain/describe-rules.ts';
import { presets } from '../../domain/presets.ts';
import { mentionChoices, type Rules, remindChoices, repeatChoices } from '../../domain/rules.ts';
import { eventTypeNames, eventTypes, riskLevels, weekdays } from '../../domain/vocabulary.ts';
import { limits } from '../../messages/block-kit/limits.ts';
import { escapeMrkdwn, mrkdwn, plainText } from '../../messages/block-kit/mrkdwn.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { button, buttonsBlock, section } from './elements.ts';
import { chosen, chosenOne, input, options } from './inputs.ts';
import { buildForm } from './modal.ts';
import { type RulesDraft, type RulesField, timingChoices, toRules } from './rules-draft.ts';
import {
  groupBlocks,
  type LongField,
  longFields,
  longFieldsOf,
  shownGroups,
  toShownGroup,
} from './rules-groups.ts';
import { summarizeRules } from './summarize-rules.ts';

const text = copy.rules;

export const rulesCallbackId = 'rules';

export const rulesMetadataSchema = z.object({
  channelId: z.string(),
  /** The channel's version when editing started. */
  version: z.number(),
  base: z.string(),
  /** Incremented when fields get new values from us: Slack keeps what was typed as long as a field's id stays. */
  generation: z.number(),
  // Modals that were opened by an earlier version lack what has a default.
  group: z.enum(shownGroups).default('hours'),
  groupChanges: z.number().default(0),
  timing: z.enum(timingChoices).default('at_once'),
  // The rest is kept for when the hidden fields are shown again.
  mentionOwner: z.enum(mentionChoices),
  repeatAfter: z.enum(repeatChoices).default('at_once'),
  remindAfter: z.enum(remindChoices),
  /** Empty while the field is visible, like the score delta and the exceptions. */
  owners: z.array(z.string()).default([]),
  scoreDelta: z.string(),
  hours: z.object({
    timeZone: z.string().nullable(),
    days: z.array(z.enum(weekdays)),
    start: z.string().nullable(),
    end: z.string().nullable(),
    calendar: z.string().nullable(),
    exceptions: z.string(),
  }),
});

export type RulesMetadata = z.infer<typeof rulesMetadataSchema>;

export type ShownFields = Pick<RulesMetadata, 'generation' | 'group' | 'groupChanges'>;

export type RulesForm = {
  /** The channel in mrkdwn. */
  channel: string;
  metadata: Pick<RulesMetadata, 'channelId' | 'version' | 'base' | keyof ShownFields>;
  draft: RulesDraft;
  /** The owners' names by id, as far as they are known. */
  ownerNames?: ReadonlyMap<string, string>;
  /** The preview as text; empty while the rules are incomplete. */
  preview: string;
  /** Each example is one line of plain text. */
  examples?: readonly string[];
  /** The change that saving would overwrite: its author, in mrkdwn, and the present rules. */
  conflict?: { who: string; rules: Rules };
  now: Date;
};

export function buildRulesModal(form: RulesForm): ModalView {
  const { draft, channel, preview, examples = [], conflict, ownerNames = new Map(), now } = form;
  const { metadata, shown } = toMetadata(form);
  const { generation, group } = metadata;
  return buildForm({
    callbackId: rulesCallbackId,
    title: text.title,
    submit: copy.modal.save,
    metadata,
    blocks: [
      ...(conflict === undefined ? [] : conflictBlocks(conflict)),
      section(text.channel(channel)),
      presetButtons(),
      ...ruleFields(form, shown),
      ...groupBlocks(draft, { generation, group, shown, ownerNames, now }),
      section(resultOf(draft, now)),
      ...(preview === '' ? [] : [previewBlock(preview, examples)]),
    ],
  });
}

/** Keeps values that no field shows. Fields with values that are too long for it stay visible. */
function toMetadata({ metadata, draft }: RulesForm): {
  metadata: RulesMetadata;
  shown: ReadonlySet<LongField>;
} {
  const { timing, mentionOwner, repeatAfter, remindAfter, owners, scoreDelta, hours } = draft;
  const group = toShownGroup(draft, metadata.group);
  const shown = new Set<LongField>(longFieldsOf(draft, group));
  for (;;) {
    const all = {
      ...{ ...metadata, group, timing, mentionOwner, repeatAfter, remindAfter },
      owners: shown.has('owners') ? [] : owners,
      scoreDelta: shown.has('scoreDelta') ? '' : scoreDelta,
      hours: shown.has('exceptions') ? { ...hours, exceptions: '' } : hours,
    };
    const next = longFields.find((field) => !shown.has(field));
    if (next === undefined || JSON.stringify(all).length <= limits.privateMetadata)
      return { metadata: all, shown };
    shown.add(next);
  }
}

function previewBlock(preview: string, examples: readonly string[]): ContextBlock {
  return { type: 'context', elements: [mrkdwn(preview), ...examples.map((line) => plainText(line))] };
}

function conflictBlocks({ who, rules }: { who: string; rules: Rules }): KnownBlock[] {
  return [
    section(text.changedMeanwhile(who, escapeMrkdwn(describeRules(rules)))),
    buttonsBlock('conflict', [button({ id: actionIds.useTheirs, text: text.useTheirs })]),
    { type: 'divider' },
  ];
}

function presetButtons(): ActionsBlock {
  return buttonsBlock(
    'presets',
    presets.map(({ id, name, rules }) =>
      button({
        id: `${actionIds.presetPrefix}${id}`,
        text: name,
        label: text.presetLabel(name, describeRules(rules)),
        value: id,
      }),
    ),
  );
}

function ruleFields(
  { draft, metadata: { generation } }: RulesForm,
  shown: ReadonlySet<LongField>,
): InputBlock[] {
  const types = options(eventTypes, eventTypeNames);
  const levels = options(riskLevels, text.thresholds);
  const times = options(timingChoices, text.timings);
  return [
    input({
      field: 'eventTypes',
      generation,
      label: text.eventTypes,
      element: {
        type: 'checkboxes',
        action_id: actionIds.rulesField,
        options: types,
        ...chosen(types, draft.eventTypes),
      },
    }),
    input({
      field: 'riskThreshold',
      generation,
      label: text.riskThreshold,
      hint: text.riskThresholdHint,
      element: {
        type: 'static_select',
        action_id: actionIds.rulesField,
        options: levels,
        ...chosenOne(levels, draft.riskThreshold),
      },
    }),
    ...(shown.has('scoreDelta') ? [scoreDeltaField(draft, generation)] : []),
    input({
      field: 'timing',
      generation,
      label: text.timing,
      element: {
        type: 'radio_buttons',
        action_id: actionIds.rulesField,
        options: times,
        ...chosenOne(times, draft.timing),
      },
    }),
  ];
}

function scoreDeltaField(draft: RulesDraft, generation: number): InputBlock {
  return input({
    field: 'scoreDelta',
    generation,
    label: text.scoreDelta,
    element: {
      type: 'number_input',
      action_id: actionIds.rulesField,
      is_decimal_allowed: true,
      min_value: '0',
      max_value: '100',
      dispatch_action_config: { trigger_actions_on: ['on_character_entered', 'on_enter_pressed'] },
      ...initialNumber(draft.scoreDelta),
    },
  });
}

/** Slack refuses an initial value out of bounds; the field keeps what was typed. */
function initialNumber(typed: string): { initial_value?: string } {
  return /^\d{1,3}(\.\d{1,6})?$/.test(typed) && Number(typed) <= 100 ? { initial_value: typed } : {};
}

const fieldLabels: Readonly<Record<RulesField, string>> = {
  eventTypes: text.eventTypes,
  scoreDelta: text.scoreDelta,
  timeZone: text.timeZone,
  days: text.days,
  start: text.start,
  end: text.end,
  exceptions: text.exceptions,
};

function resultOf(draft: RulesDraft, now: Date): string {
  const result = toRules(draft);
  if ('rules' in result) return text.inShort(escapeMrkdwn(summarizeRules(result.rules, now)));
  const fields = Object.keys(result.errors).map((field) => fieldLabels[field as RulesField].toLowerCase());
  return text.incomplete(new Intl.ListFormat('en', { type: 'conjunction' }).format(fields));
}
