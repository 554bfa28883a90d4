import { z } from 'zod';
import { eventTypes, riskLevels } from '../../domain/vocabulary.ts';
import { deliveryStates } from '../../store/deliveries/states.ts';
import { rulesResource } from './rules-resource.ts';

export const instant = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' });

const workspace = z.object({ id: z.string(), name: z.string().nullable() }).meta({ id: 'Workspace' });

export const channelResource = z
  .object({
    id: z.string().meta({ description: '`<workspace>:<Slack’s channel id>`.' }),
    workspace,
    slack_channel_id: z.string(),
    name: z.string().meta({ description: 'As Slack named it when the channel was chosen.' }),
    status: z.enum(['active', 'paused', 'broken']),
    paused_until: z
      .union([z.literal('until_resumed'), instant])
      .nullable()
      .meta({ description: 'Also set for a broken channel that will be paused once it works again.' }),
    broken: z.object({ since: instant.nullable(), reason: z.string() }).nullable().meta({
      description:
        'Why nothing can be sent; alerts are held. Reconnecting the channel fixes it, and so does a test alert that Slack accepts. If the reason can pass by itself (archived, prohibited, disabled, not found), the app tries again after an hour and then daily.',
    }),
    trouble: z.string().nullable().meta({
      description: 'Why alerts are waiting although the channel is not broken and they are due.',
    }),
    delivering: z
      .object({ since: instant, reason: z.string(), waits_until: instant.nullable() })
      .nullable()
      .meta({
        description:
          'Null while Slack accepts the channel’s alerts, and while none is waiting. Otherwise the time since when it has not: `reason` is `rate_limited` (it asked to wait, until `waits_until`), `timeout`, `connection_lost`, `unreachable`, `http_<status>` for an answer that is not Slack’s own, or Slack’s error word. Alerts are retried automatically.',
      }),
    explanation: z.string().meta({
      description:
        'How the channel is doing and when its next alert comes, in sentences that can be read to a customer. Times are in the zone of its quiet hours, else in UTC.',
    }),
    rules: rulesResource,
    managers: z
      .union([z.literal('everyone'), z.array(z.string())])
      .meta({ description: 'The Slack users who may change the channel in Slack.' }),
    external_acknowledge: z.boolean().meta({
      description:
        'Whether people of other organisations may acknowledge alerts, if Slack Connect shares the channel with them.',
    }),
    connected_by: z.string().meta({ description: 'A Slack user.' }),
    connected_at: instant,
    counts: z.object({
      held: z.int().meta({ description: 'Alerts that wait for the next digest.' }),
      failed: z.int().meta({
        description:
          'Alerts that failed in the last 30 days and can be retried: without those whose events have expired.',
      }),
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

export const activityResource = z
  .object({
    event: eventSummary,
    received_at: instant,
    outcome: z.enum([...deliveryStates, 'suppressed']),
    reason: z.string().nullable().meta({
      description:
        'The rule that suppressed it, the reason it was dropped, or the error of its last attempt.',
    }),
    at: instant.nullable().meta({ description: 'When it was sent or given up, or when it is due.' }),
    in_digest: z.boolean().meta({ description: 'Whether it was or will be sent with a digest.' }),
    delivery_id: z.string().nullable(),
  })
  .meta({ id: 'Activity' });

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

export function pageOf<Item extends z.ZodType>(items: string, item: Item) {
  return z.object({
    [items]: z.array(item),
    next_cursor: z.string().nullable().meta({ description: 'For the next page; null on the last.' }),
  });
}

export const pageQuery = z.object({
  limit: z.coerce
    .number('must be a number, 1 to 100')
    .int('must be a number, 1 to 100')
    .min(1, 'must be a number, 1 to 100')
    .max(100, 'must be a number, 1 to 100')
    .default(50),
  cursor: z.string().optional().meta({ description: '`next_cursor` of the previous page.' }),
});
