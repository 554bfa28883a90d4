import { z } from 'zod';
import { ownerIdSchema } from './owner.ts';
import { timingSchema } from './timing.ts';
import { eventTypes, riskLevels } from './vocabulary.ts';

export const maxOwners = 50;

export const mentionChoices = ['never', 'high_and_critical', 'always'] as const;
export type MentionOwner = (typeof mentionChoices)[number];

export const remindChoices = ['never', '15_minutes', '1_hour', '4_hours'] as const;
export type RemindAfter = (typeof remindChoices)[number];

/** Time in which an alert of the same type and customer is not repeated, unless its level is higher. */
export const repeatChoices = ['at_once', '1_hour', '6_hours', '1_day', '7_days'] as const;
export type RepeatAfter = (typeof repeatChoices)[number];

/** See docs/integration.md, "Rules". `scoreDeltaMinimum` is in points of the health score, 0–100. */
export const rulesSchema = z.strictObject({
  eventTypes: z
    .array(z.enum(eventTypes))
    .min(1, 'must name at least one event type')
    .refine((types) => new Set(types).size === types.length, { error: 'must not name an event type twice' }),
  riskThreshold: z.enum(riskLevels),
  scoreDeltaMinimum: z.number().min(0).max(100),
  owners: z.union([
    z.literal('anyone'),
    z
      .array(ownerIdSchema)
      .min(1, 'must name at least one owner')
      .max(maxOwners, `must name at most ${maxOwners} owners`)
      .refine((ids) => new Set(ids).size === ids.length, { error: 'must not name an owner twice' }),
  ]),
  repeatAfter: z.enum(repeatChoices),
  timing: timingSchema,
  mentionOwner: z.enum(mentionChoices),
  remindAfter: z.enum(remindChoices),
});

export type Rules = z.infer<typeof rulesSchema>;

/** Rules in the database. Those that were stored before a field existed lack it. */
export type StoredRules = Partial<Rules>;

export const defaultRules: Rules = {
  eventTypes: [...eventTypes],
  riskThreshold: 'low',
  scoreDeltaMinimum: 0,
  owners: 'anyone',
  repeatAfter: 'at_once',
  timing: 'at_once',
  mentionOwner: 'high_and_critical',
  remindAfter: 'never',
};

export function readRules(stored: StoredRules): Rules {
  return { ...defaultRules, ...stored };
}
