import { z } from 'zod';
import { quietHoursSchema } from '../../domain/quiet-hours.ts';
import { type Rules, rulesSchema } from '../../domain/rules.ts';
import { rulesExample } from './examples.ts';

const { shape: hours } = quietHoursSchema;
const { shape: rules } = rulesSchema;

/** Rules as Perly reads and writes them: the same fields with the same limits, named as events name theirs. */
export const rulesResource = z
  .strictObject({
    event_types: rules.eventTypes.meta({ description: 'Which events come.' }),
    risk_threshold: rules.riskThreshold.meta({
      description: 'The lowest risk level that comes. An event without a risk level always does.',
    }),
    score_delta_minimum: rules.scoreDeltaMinimum.meta({
      description: 'By how many points a health score must drop at least.',
    }),
    quiet_hours: z
      .union([
        z.literal('off'),
        z
          .strictObject({
            time_zone: hours.timeZone.meta({ description: 'IANA name.', examples: ['Europe/Berlin'] }),
            business_days: hours.businessDays,
            start: hours.start,
            end: hours.end,
            after: hours.after.meta({
              description: 'What becomes of what was held: one digest when business hours open, or nothing.',
            }),
          })
          .refine(({ start, end }) => start !== end, {
            path: ['end'],
            error: 'must differ from the start; all day is 00:00 to 24:00',
          }),
      ])
      .meta({
        description: 'Off, or the business hours outside of which only critical alerts come at once.',
      }),
  })
  .meta({ id: 'Rules', examples: [rulesExample] });

export type RulesResource = z.infer<typeof rulesResource>;

/** A channel's rules as Perly sees them. */
export function toRulesResource({
  eventTypes,
  riskThreshold,
  scoreDeltaMinimum,
  quietHours,
}: Rules): RulesResource {
  return {
    event_types: eventTypes,
    risk_threshold: riskThreshold,
    score_delta_minimum: scoreDeltaMinimum,
    quiet_hours:
      quietHours === 'off'
        ? 'off'
        : {
            time_zone: quietHours.timeZone,
            business_days: quietHours.businessDays,
            start: quietHours.start,
            end: quietHours.end,
            after: quietHours.after,
          },
  };
}

/** @throws ZodError never, as long as the resource has the fields of the rules */
export function fromRulesResource(resource: RulesResource): Rules {
  const { quiet_hours: quiet } = resource;
  return rulesSchema.parse({
    eventTypes: resource.event_types,
    riskThreshold: resource.risk_threshold,
    scoreDeltaMinimum: resource.score_delta_minimum,
    quietHours:
      quiet === 'off'
        ? 'off'
        : {
            timeZone: quiet.time_zone,
            businessDays: quiet.business_days,
            start: quiet.start,
            end: quiet.end,
            after: quiet.after,
          },
  });
}
