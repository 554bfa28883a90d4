import { z } from 'zod';
import { eventTypes, riskLevels } from '../../domain/vocabulary.ts';
import { deliveryStates } from '../../store/deliveries/states.ts';
import { rulesResource } from './rules-resource.ts';

export const instant = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' });

const workspace = z.object({ id: z.string(), name: z.string().nullable() }).meta({ id: 'Workspace' });

/** A connected channel as Perly sees it. */
export const channelResource = z
  .object({
    id: z.string().meta({ description: '`<workspace>:<Slack’s channel id>`.' }),
    workspace,
    slack_channel_id: z.string(),
    name: z.string().meta({ description: 'As Slack gave it when the channel was picked.' }),
    status: z.enum(['active', 'paused', 'broken']),
    paused_until: z
      .union([z.literal('until_resumed'), instant])
      .nullable()
      .meta({ description: 'Set also for a broken channel that will be paused when it is back.' }),
    broken: z.object({ since: instant.nullable(), reason: z.string() }).nullable().meta({
      description:
        'Why nothing can be sent; what comes is held. Reconnecting the channel ends it, and so does a test alert that Slack takes. Where the reason can pass by itself (archived, prohibited, disabled, not found), it is tried again after an hour and then daily.',
    }),
    trouble: z.string().nullable().meta({
      description:
        'Why the alerts of a channel that is not broken wait, when they do not wait for the clock.',
    }),
    delivering: z
      .object({ since: instant, reason: z.string(), waits_until: instant.nullable() })
      .nullable()
      .meta({
        description:
          'Null while Slack takes the alerts of an active channel, and while none waits. Otherwise since when it has not: `reason` is `rate_limited` (it asked to wait, until `waits_until`), `timeout`, `connection_lost`, `unreachable`, `http_<status>` for an answer that is not Slack’s own, or Slack’s word. Alerts are tried again by themselves.',
      }),
    rules: rulesResource,
    managers: z
      .union([z.literal('everyone'), z.array(z.string())])
      .meta({ description: 'The Slack users who may change the channel in Slack.' }),
    external_acknowledge: z.boolean().meta({
      description:
        'Whether people of other organisations may acknowledge alerts, where Slack Connect shares the channel with them.',
    }),
    connected_by: z.string().meta({ description: 'A Slack user.' }),
    connected_at: instant,
    counts: z.object({
      held: z.int().meta({ description: 'Alerts that wait for the next digest.' }),
      failed: z
        .int()
        .meta({ description: 'Alerts that were given up in the last 30 days; they can be retried.' }),
    }),
    last_sent_at: instant.nullable().meta({ description: 'In the last 30 days.' }),
    next_digest_at: instant.nullable(),
  })
  .meta({ id: 'Channel' });

export type ChannelResource = z.infer<typeof channelResource>;

const eventSummary = z
  .object({
    id: z.string(),
    type: z.enum(eventTypes),
    customer: z.object({ id: z.string(), name: z.string() }),
    risk_level: z.enum(riskLevels).nullable(),
    occurred_at: z.string(),
  })
  .meta({ id: 'EventSummary' });

export type EventSummary = z.infer<typeof eventSummary>;

/** What became of one event in a channel. */
export const activityResource = z
  .object({
    event: eventSummary,
    received_at: instant,
    outcome: z.enum([...deliveryStates, 'suppressed']),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'Which rule kept it back, why it was dropped, or what its last try failed of.' }),
    at: instant.nullable().meta({ description: 'When it was sent or given up, or when it will go out.' }),
    delivery_id: z.string().nullable(),
  })
  .meta({ id: 'Activity' });

/** An alert that was given up. */
export const failedDeliveryResource = z
  .object({
    id: z.string(),
    event: eventSummary.nullable().meta({ description: 'Null when the event has expired.' }),
    failed_at: instant.nullable(),
    failed_attempts: z.int(),
    error: z.string().nullable(),
  })
  .meta({ id: 'FailedDelivery' });

export const linkResource = z
  .object({
    workspace,
    linked_by: z.string().meta({ description: 'A Slack user.' }),
    linked_at: instant,
  })
  .meta({ id: 'Link' });

/** Part of a longer list. */
export function pageOf<Item extends z.ZodType>(items: string, item: Item) {
  return z.object({
    [items]: z.array(item),
    next_cursor: z.string().nullable().meta({ description: 'For the next page; null on the last.' }),
  });
}

/** How much of a list, and from where on. */
export const pageQuery = z.object({
  limit: z.coerce
    .number('must be a number, 1 to 100')
    .int('must be a number, 1 to 100')
    .min(1, 'must be a number, 1 to 100')
    .max(100, 'must be a number, 1 to 100')
    .default(50),
  cursor: z.string().optional().meta({ description: '`next_cursor` of the page before.' }),
});
