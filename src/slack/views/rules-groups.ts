import type { ActionsBlock, KnownBlock } from '@slack/types';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { button, buttonsBlock } from './elements.ts';
import { calendarField, exceptionsField, hoursFields } from './hours-fields.ts';
import { ownersField, rareFields } from './owner-fields.ts';
import type { RulesDraft, RulesField } from './rules-draft.ts';

/**
 * Groups of fields of which the modal shows at most one at a time, so that it stays short. While alerts are sent at any
 * time, `hours` has no fields.
 */
export const rulesGroups = ['hours', 'holidays', 'rare'] as const;
export type RulesGroup = (typeof rulesGroups)[number];

export const shownGroups = [...rulesGroups, 'none'] as const;
export type ShownGroup = (typeof shownGroups)[number];

const text = copy.rules;

export const groupActionIds: Readonly<Record<RulesGroup, string>> = {
  hours: actionIds.rulesHours,
  holidays: actionIds.rulesHolidays,
  rare: actionIds.rulesRare,
};

/** The other fields are always visible. */
export const groupOfField: Readonly<Partial<Record<RulesField, RulesGroup>>> = {
  timeZone: 'hours',
  days: 'hours',
  start: 'hours',
  end: 'hours',
  exceptions: 'holidays',
};

/** Fields whose values may be too long for the metadata, in the order in which they are then shown. */
export const longFields = ['owners', 'exceptions', 'scoreDelta'] as const;
export type LongField = (typeof longFields)[number];

/** Returns those that are visible in any case. */
export function longFieldsOf({ eventTypes }: RulesDraft, group: ShownGroup): LongField[] {
  const isVisible = {
    owners: group === 'rare',
    exceptions: group === 'holidays',
    scoreDelta: eventTypes.includes('health_score_drop'),
  };
  return longFields.filter((field) => isVisible[field]);
}

/** Holidays have no meaning without hours. */
export function toShownGroup({ timing }: RulesDraft, wanted: ShownGroup): ShownGroup {
  return timing === 'at_once' && wanted === 'holidays' ? 'hours' : wanted;
}

/**
 * The fields of the shown group, and buttons for the others.
 * @param options.shown the long fields that are shown, which may be so in any group
 * @param options.ownerNames by id, as far as they are known
 */
export function groupBlocks(
  draft: RulesDraft,
  {
    generation,
    group,
    shown,
    ownerNames,
    now,
  }: {
    generation: number;
    group: ShownGroup;
    shown: ReadonlySet<LongField>;
    ownerNames: ReadonlyMap<string, string>;
    now: Date;
  },
): KnownBlock[] {
  return [
    ...(group === 'hours' && draft.timing !== 'at_once' ? hoursFields(draft, now, generation) : []),
    ...(group === 'holidays' ? [calendarField(draft.hours, generation)] : []),
    ...(shown.has('exceptions') ? [exceptionsField(draft.hours, generation)] : []),
    ...(shown.has('owners') ? [ownersField(draft, generation, ownerNames)] : []),
    ...(group === 'rare' ? rareFields(draft, generation) : []),
    groupButtons(draft, group),
  ];
}

function groupButtons({ timing }: RulesDraft, shown: ShownGroup): ActionsBlock {
  const toGroup = (group: RulesGroup, name: string) => button({ id: groupActionIds[group], text: name });
  if (timing === 'at_once') {
    const only = shown === 'rare' ? toGroup('hours', text.fewerRules) : toGroup('rare', text.groups.rare);
    return buttonsBlock('groups', [only]);
  }
  const others = rulesGroups.filter((group) => group !== shown);
  return buttonsBlock(
    'groups',
    others.map((group) => toGroup(group, text.groups[group])),
  );
}
