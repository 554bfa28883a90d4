import { z } from 'zod';
import { activityOutcomes, activityPosition } from '../../channels/activity.ts';
import type { PerlyEvent } from '../../domain/event.ts';
import type { DeliveryDocument } from '../../store/deliveries/document.ts';
import { toActor } from './channel-operations.ts';
import { fromCursor, toCursor, toPage } from './cursor.ts';
import { defineOperation, type Operation } from './operation.ts';
import { findOwnChannel } from './own-channel.ts';
import { toActivityResource, toEventSummary, toInstant } from './present.ts';
import { activityResource, failedDeliveryResource, pageOf, pageQuery } from './resources.ts';
import type { ApiServices } from './services.ts';

const tag = 'Activity';
const failedPosition = z.object({ finishedAt: z.coerce.date(), id: z.string() });

export function deliveryOperations(services: ApiServices): Operation[] {
  return [
    defineOperation({
      id: 'listActivity',
      method: 'get',
      path: '/perly/channels/{id}/activity',
      tag,
      summary: 'List the latest events of a channel with their outcomes',
      description:
        'Latest first, of the last 30 days: by arrival, and with `outcome=sent` or `failed` alone by when that happened. A page may have fewer events than `limit`, or none, while `next_cursor` says that there may be more.',
      query: pageQuery.extend({
        outcome: z
          .enum(activityOutcomes, `must be one of ${activityOutcomes.join(', ')}`)
          .optional()
          .meta({
            description:
              'Lists only events that became this in the channel. With `suppressed`, also alerts that were `dropped` later.',
          }),
        customer_id: z.string().optional().meta({ description: 'Lists only events about this customer.' }),
      }),
      answers: { 200: { description: 'A page of events.', body: pageOf('activity', activityResource) } },
      async handle(call) {
        const { limit, cursor, outcome, customer_id: customerId } = call.query;
        const after = fromCursor(activityPosition, cursor);
        const channel = await findOwnChannel(services, call);
        const { items, next } = await services.listActivity(channel, { limit, outcome, customerId, after });
        const next_cursor = next === undefined ? null : toCursor(next);
        return { status: 200, body: { activity: items.map(toActivityResource), next_cursor } };
      },
    }),

    defineOperation({
      id: 'listFailedDeliveries',
      method: 'get',
      path: '/perly/channels/{id}/failed-deliveries',
      tag,
      summary: 'List failed alerts',
      description: 'Latest first, of the last 30 days.',
      query: pageQuery,
      answers: {
        200: { description: 'A page of deliveries.', body: pageOf('deliveries', failedDeliveryResource) },
      },
      async handle(call) {
        const { limit, cursor } = call.query;
        const after = fromCursor(failedPosition, cursor);
        const { _id: channelId } = await findOwnChannel(services, call);
        const { accountId } = call;
        const found = await services.deliveries.listFailedPage({ channelId, accountId }, after, limit + 1);
        const { items, next_cursor } = toPage(found, limit, ({ finishedAt, _id: id }) => ({
          finishedAt,
          id,
        }));
        const events = await services.events.listContents(items.map(({ eventKey }) => eventKey));
        const deliveries = items.map((each) => toFailed(each, events.get(each.eventKey)));
        return { status: 200, body: { deliveries, next_cursor } };
      },
    }),

    defineOperation({
      id: 'retryDeliveries',
      method: 'post',
      path: '/perly/channels/{id}/failed-deliveries/retry',
      tag,
      summary: 'Retry failed alerts',
      description:
        'Alerts that the channel’s present rules suppress, such as those about a muted customer, are dropped instead. A reminder is decided again within a minute: it is sent only if its alert is still open.',
      body: z
        .strictObject({
          ids: z.union(
            [z.literal('all'), z.array(z.string()).min(1).max(100)],
            'must be "all", or 1 to 100 ids',
          ),
        })
        .meta({ examples: [{ ids: 'all' }] }),
      answers: {
        200: {
          description: 'How many alerts are pending again. Reminders are not counted.',
          body: z.object({ retried: z.int() }),
        },
      },
      async handle(call) {
        const { _id } = await findOwnChannel(services, call);
        const retried = await services.settings.retry(_id, call.body.ids, toActor(call.accountId));
        return { status: 200, body: { retried } };
      },
    }),
  ];
}

function toFailed(
  delivery: DeliveryDocument,
  event: PerlyEvent | undefined,
): z.infer<typeof failedDeliveryResource> {
  return {
    id: delivery._id,
    event: event === undefined ? null : toEventSummary(event),
    failed_at: toInstant(delivery.finishedAt),
    failed_attempts: delivery.attempts,
    error: delivery.lastError,
  };
}
