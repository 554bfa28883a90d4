import type { ActionsBlock, InputBlock, KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { describeRules } from '../../domain/describe-rules.ts';
import { presets } from '../../domain/presets.ts';
import { mentionChoices, type Rules, remindChoices, repeatChoices } from '../../domain/rules.ts';
import { eventTypeNames, eventTypes, riskLevels, weekdays } from '../../domain/vocabulary.ts';
import { escapeMrkdwn, plainText } from '../../messages/block-kit/mrkdwn.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { button, context, section } from './elements.ts';
import { hoursFields } from './hours-fields.ts';
import { chosen, chosenOne, input, options } from './inputs.ts';
import { buildForm } from './modal.ts';
import { rareFields } from './owner-fields.ts';
import { type RulesDraft, type RulesField, timingChoices, toRules } from './rules-draft.ts';
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
  more: z.boolean(),
  rare: z.boolean(),
  mentionOwner: z.enum(mentionChoices),
  // A modal that was open before there was this rule does not have it.
  repeatAfter: z.enum(repeatChoices).default('at_once'),
  remindAfter: z.enum(remindChoices),
  /** Kept for when the hidden fields are shown again. */
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

export type RulesForm = {
  /** The channel in mrkdwn. */
  channel: string;
  metadata: Omit<RulesMetadata, 'scoreDelta' | 'hours' | 'mentionOwner' | 'repeatAfter' | 'remindAfter'>;
  draft: RulesDraft;
  /** The owners' names by id, as far as they are known. */
  ownerNames?: ReadonlyMap<string, string>;
  /** The preview as text; empty while the rules are incomplete. */
  preview: string;
  /** Each example is one line of plain text. */
  examples?: readonly string[];
  /** What saving would overwrite: who changed it, in mrkdwn, and the present rules. */
  conflict?: { who: string; rules: Rules };
  now: Date;
};

export function buildRulesModal(form: RulesForm): ModalView {
  const { metadata, draft, channel, preview, examples = [], conflict } = form;
  return buildForm({
    callbackId: rulesCallbackId,
    title: text.title,
    submit: copy.modal.save,
    metadata: {
      ...metadata,
      scoreDelta: draft.scoreDelta,
      mentionOwner: draft.mentionOwner,
      repeatAfter: draft.repeatAfter,
      remindAfter: draft.remindAfter,
      hours: draft.hours,
    } satisfies RulesMetadata,
    blocks: [
      ...(conflict === undefined ? [] : conflictBlocks(conflict)),
      section(text.channel(channel)),
      presetButtons(),
      ...ruleFields(form),
      ...(draft.timing === 'at_once' ? [] : [...hoursFields(draft, form.now, metadata)]),
      ...rareFields(draft, metadata, form.ownerNames ?? new Map()),
      section(resultOf(draft, form.now)),
      ...(preview === '' ? [] : [context(preview)]),
      ...examples.map((line): KnownBlock => ({ type: 'context', elements: [plainText(line)] })),
    ],
  });
}

function conflictBlocks({ who, rules }: { who: string; rules: Rules }): KnownBlock[] {
  return [
    section(
      text.changedMeanwhile(who, escapeMrkdwn(describeRules(rules))),
      button({ id: actionIds.useTheirs, text: text.useTheirs }),
    ),
    { type: 'divider' },
  ];
}

function presetButtons(): ActionsBlock {
  return {
    type: 'actions',
    elements: presets.map(({ id, name, rules }) =>
      button({
        id: `${actionIds.presetPrefix}${id}`,
        text: name,
        label: text.presetLabel(name, describeRules(rules)),
        value: id,
      }),
    ),
  };
}

function ruleFields({ draft, metadata: { generation } }: RulesForm): InputBlock[] {
  const types = options(eventTypes, eventTypeNames, text.eventTypeMeanings);
  const levels = options(riskLevels, text.thresholds);
  const times = options(timingChoices, text.timings, text.timingMeanings);
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
    ...(draft.eventTypes.includes('health_score_drop') ? [scoreDeltaField(draft, generation)] : []),
    input({
      field: 'timing',
      generation,
      label: text.timing,
      hint: text.timingHint,
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
    hint: text.scoreDeltaHint,
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
