import { z } from 'zod';
import { type Rules, rulesSchema } from '../../domain/rules.ts';
import { businessHoursSchema, describeTimingFault } from '../../domain/timing.ts';
import { rulesExample } from './examples.ts';

const { shape: rules } = rulesSchema;
const { shape: hours } = businessHoursSchema;

const week = {
  time_zone: hours.timeZone.meta({ description: 'IANA name.', examples: ['Europe/Berlin'] }),
  days: hours.days.meta({
    description:
      'The hours of each weekday that has any, on the wall clock. An end before the start is on the next day. In a daily digest, the start is when it comes.',
  }),
  holidays: hours.holidays.meta({
    description:
      'Public holidays of a country (ISO 3166-1) and region (ISO 3166-2), which have no hours, and dates of your own that are closed (`until: null`) or end early.',
  }),
};

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
    timing: z
      .union(
        [
          z.literal('at_once'),
          z.discriminatedUnion('kind', [
            z.strictObject({
              kind: z.literal('business_hours'),
              ...week,
              outside: hours.outside.meta({
                description:
                  'What becomes of what comes outside: one digest when business hours begin, or nothing.',
              }),
            }),
            z.strictObject({ kind: z.literal('daily_digest'), ...week }),
          ]),
        ],
        { error: describeTimingFault },
      )
      .meta({
        description:
          'When alerts that are not critical come: at once, in business hours, or in one digest a day. Critical alerts always come at once.',
      }),
  })
  .meta({ id: 'Rules', examples: [rulesExample] });

export type RulesResource = z.infer<typeof rulesResource>;

/** A channel's rules as Perly sees them. */
export function toRulesResource({
  eventTypes,
  riskThreshold,
  scoreDeltaMinimum,
  timing,
}: Rules): RulesResource {
  return {
    event_types: eventTypes,
    risk_threshold: riskThreshold,
    score_delta_minimum: scoreDeltaMinimum,
    timing: toTimingResource(timing),
  };
}

function toTimingResource(timing: Rules['timing']): RulesResource['timing'] {
  if (timing === 'at_once') return timing;
  const { timeZone, ...rest } = timing;
  return { ...rest, time_zone: timeZone };
}

/** @throws ZodError never, as long as the resource has the fields of the rules */
export function fromRulesResource(resource: RulesResource): Rules {
  return rulesSchema.parse({
    eventTypes: resource.event_types,
    riskThreshold: resource.risk_threshold,
    scoreDeltaMinimum: resource.score_delta_minimum,
    timing: fromTimingResource(resource.timing),
  });
}

function fromTimingResource(timing: RulesResource['timing']): unknown {
  if (timing === 'at_once') return timing;
  const { time_zone: timeZone, ...rest } = timing;
  return { ...rest, timeZone };
}
