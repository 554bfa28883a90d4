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
      'The hours of each weekday that has any, on the wall clock. An end before the start is on the next day. A daily digest is sent at the start.',
  }),
  holidays: hours.holidays.meta({
    description:
      'Public holidays of a country (ISO 3166-1) and region (ISO 3166-2), which have no hours, and dates of your own that are closed (`until: null`) or end early.',
  }),
};

export const rulesResource = z
  .strictObject({
    event_types: rules.eventTypes.meta({ description: 'The event types that are on.' }),
    risk_threshold: rules.riskThreshold.meta({
      description: 'The lowest risk level that is sent. Events without a risk level always pass.',
    }),
    score_delta_minimum: rules.scoreDeltaMinimum.meta({
      description: 'The smallest health score drop that is sent, in points.',
    }),
    owners: rules.owners.meta({
      description:
        'Only alerts about the customers of these owners (`customer.owner.id`) are sent, or those of anyone.',
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
                  'What happens to alerts outside business hours: one digest when they begin, or nothing.',
              }),
            }),
            z.strictObject({ kind: z.literal('daily_digest'), ...week }),
          ]),
        ],
        { error: describeTimingFault },
      )
      .meta({
        description:
          'When alerts that are not critical are sent: at once, during business hours, or in one digest a day. Critical alerts are always sent at once.',
      }),
    repeat_after: rules.repeatAfter.meta({
      description:
        'For how long an alert of the same type about the same customer is not sent again, unless its risk level is higher. Compares alerts that arrive while it is set.',
    }),
    remind_after: rules.remindAfter.meta({
      description:
        'After how long a critical alert that nobody acknowledged is posted once more. Applies to alerts that arrive while it is set.',
    }),
    mention_owner: rules.mentionOwner.meta({
      description:
        'Which alerts mention the Slack user of the customer’s owner (see Owners). Digests and other alerts show the owner’s name.',
    }),
  })
  .meta({ id: 'Rules', examples: [rulesExample] });

export type RulesResource = z.infer<typeof rulesResource>;

const { timing, owners, mention_owner, repeat_after, remind_after } = rulesResource.shape;

/** The holidays, and each of the days, may be `null` instead of left out. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const present: Record<string, unknown> = dropNulls(value);
  const { days } = present;
  return typeof days === 'object' && days !== null ? { ...present, days: dropNulls(days) } : present;
}

function dropNulls(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));
}

/** Rules as a client sends them. Clients may have been written before some of the fields existed. */
export const rulesChange = rulesResource
  .extend({
    timing: z.preprocess(withoutNulls, timing),
    owners: owners.nullish(),
    mention_owner: mention_owner.nullish(),
    repeat_after: repeat_after.nullish(),
    remind_after: remind_after.nullish(),
  })
  .meta({ id: 'RulesChange', examples: [rulesExample] });

export type RulesChange = z.infer<typeof rulesChange>;

export function toRulesResource({
  eventTypes,
  riskThreshold,
  scoreDeltaMinimum,
  owners,
  timing,
  mentionOwner,
  repeatAfter,
  remindAfter,
}: Rules): RulesResource {
  return {
    event_types: eventTypes,
    risk_threshold: riskThreshold,
    score_delta_minimum: scoreDeltaMinimum,
    owners,
    timing: toTimingResource(timing),
    mention_owner: mentionOwner,
    repeat_after: repeatAfter,
    remind_after: remindAfter,
  };
}

function toTimingResource(timing: Rules['timing']): RulesResource['timing'] {
  if (timing === 'at_once') return timing;
  const { timeZone, ...rest } = timing;
  return { ...rest, time_zone: timeZone };
}

/** @param present the channel's rules, which keep what the change leaves out */
export function fromRulesChange(change: RulesChange, present: Rules): Rules {
  return rulesSchema.parse({
    eventTypes: change.event_types,
    riskThreshold: change.risk_threshold,
    scoreDeltaMinimum: change.score_delta_minimum,
    owners: change.owners ?? present.owners,
    timing: fromTimingResource(change.timing),
    mentionOwner: change.mention_owner ?? present.mentionOwner,
    repeatAfter: change.repeat_after ?? present.repeatAfter,
    remindAfter: change.remind_after ?? present.remindAfter,
  });
}

function fromTimingResource(timing: RulesResource['timing']): unknown {
  if (timing === 'at_once') return timing;
  const { time_zone: timeZone, ...rest } = timing;
  return { ...rest, timeZone };
}
