import { z } from 'zod';
import { quietHoursSchema } from './quiet-hours.ts';
import { eventTypes, riskLevels } from './vocabulary.ts';

/** A channel's rules (docs/integration.md, "Rules"). `scoreDeltaMinimum` is in points of the health score, 0–100. */
export const rulesSchema = z.strictObject({
  eventTypes: z
    .array(z.enum(eventTypes))
    .min(1, 'must name at least one event type')
    .refine((types) => new Set(types).size === types.length, { error: 'names an event type twice' }),
  riskThreshold: z.enum(riskLevels),
  scoreDeltaMinimum: z.number().min(0).max(100),
  quietHours: z.union([z.literal('off'), quietHoursSchema], { error: describeQuietHoursFault }),
});

/** Where both ways of a union fail, Zod tells no path: so the message names the fields. */
function describeQuietHoursFault({ errors }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  const faults = errors[1] ?? [];
  if (faults.some(({ path, code }) => path.length === 0 && code === 'invalid_type'))
    return 'must be "off", or an object with timeZone, businessDays, start, end and after';
  return faults.map(({ path, message }) => [...path.slice(0, 1), message].join(' ')).join('; ');
}

export type Rules = z.infer<typeof rulesSchema>;

/** What a channel starts with: everything. */
export const defaultRules: Rules = {
  eventTypes: [...eventTypes],
  riskThreshold: 'low',
  scoreDeltaMinimum: 0,
  quietHours: 'off',
};
