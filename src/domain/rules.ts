import { z } from 'zod';
import { timingSchema } from './timing.ts';
import { eventTypes, riskLevels } from './vocabulary.ts';

/** A channel's rules (docs/integration.md, "Rules"). `scoreDeltaMinimum` is in points of the health score, 0–100. */
export const rulesSchema = z.strictObject({
  eventTypes: z
    .array(z.enum(eventTypes))
    .min(1, 'must name at least one event type')
    .refine((types) => new Set(types).size === types.length, { error: 'must not name an event type twice' }),
  riskThreshold: z.enum(riskLevels),
  scoreDeltaMinimum: z.number().min(0).max(100),
  timing: timingSchema,
});

export type Rules = z.infer<typeof rulesSchema>;

export const defaultRules: Rules = {
  eventTypes: [...eventTypes],
  riskThreshold: 'low',
  scoreDeltaMinimum: 0,
  timing: 'at_once',
};
