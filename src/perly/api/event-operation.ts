import { z } from 'zod';
import { explainDelivery } from '../../channels/explain.ts';
import type { Channel } from '../../store/channels/document.ts';
import type { ChannelStore } from '../../store/channels/store.ts';
import { type DeliveryDocument, deliveryKey } from '../../store/deliveries/document.ts';
import { deliveryStates } from '../../store/deliveries/states.ts';
import type { DeliveryStore } from '../../store/deliveries/store.ts';
import type { ChannelDecision } from '../../store/event-document.ts';
import { type EventStore, eventKey } from '../../store/events.ts';
import { Problem } from '../problem.ts';
import { defineOperation, type Operation } from './operation.ts';
import { instant } from './resources.ts';

const deliveryOfEvent = z
  .object({
    state: z.enum(deliveryStates),
    failed_attempts: z.int(),
    next_attempt_at: instant.nullable(),
    held_for: z.enum(['quiet_hours', 'broken']).nullable(),
    held_until: instant.nullable(),
    finished_at: instant.nullable(),
    error: z.string().nullable(),
    acknowledged: z.object({ by: z.string().meta({ description: 'A Slack user.' }), at: instant }).nullable(),
  })
  .meta({ id: 'Delivery' });

const channelOfEvent = z
  .object({
    channel: z.object({
      id: z.string(),
      name: z.string().nullable().meta({ description: 'Null if it no longer serves the account.' }),
    }),
    decision: z.enum(['send', 'hold', 'suppress']),
    reason: z.string().nullable().meta({ description: 'The rule that suppressed it.' }),
    explanation: z.string().meta({
      description:
        'What happened to it there and why, in sentences that can be read to a customer. Times are in the zone of the channel’s quiet hours, else in UTC.',
    }),
    delivery: deliveryOfEvent.nullable(),
  })
  .meta({ id: 'ChannelDecision' });

export function eventOperation(parts: {
  channels: Pick<ChannelStore, 'listByIds'>;
  events: Pick<EventStore, 'listByKeys'>;
  deliveries: Pick<DeliveryStore, 'listByIds'>;
}): Operation {
  return defineOperation({
    id: 'getEvent',
    method: 'get',
    path: '/perly/events/{id}',
    tag: 'Events',
    summary: 'Read the outcomes of an event',
    description: 'Available for 30 days after it was posted.',
    answers: {
      200: {
        description: 'The decision of each of the account’s channels, and what happened to the alert there.',
        body: z.object({ id: z.string(), received_at: instant, channels: z.array(channelOfEvent) }),
      },
    },
    async handle({ accountId, param }) {
      const key = eventKey(accountId, param('id'));
      const [found] = await parts.events.listByKeys([key]);
      if (found === undefined)
        throw new Problem({
          status: 404,
          code: 'event_unknown',
          title: 'No such event',
          detail: 'This account has no event with that id.',
        });

      const channelIds = found.decisions.map(({ channelId }) => channelId);
      const [channels, deliveries] = await Promise.all([
        parts.channels.listByIds(channelIds),
        parts.deliveries.listByIds(channelIds.map((channelId) => deliveryKey(key, channelId))),
      ]);
      const channelById = new Map(channels.map((channel) => [channel._id, channel]));
      // Nothing is disclosed about a channel that now serves another account.
      const findOwn = (channelId: string) => {
        const channel = channelById.get(channelId);
        return channel?.accountId === accountId ? channel : undefined;
      };
      const deliveryByChannel = new Map(deliveries.map((delivery) => [delivery.channelId, delivery]));
      const body = {
        id: found.eventId,
        received_at: found.receivedAt.toISOString(),
        channels: found.decisions.map((decision) =>
          present(decision, findOwn(decision.channelId), deliveryByChannel.get(decision.channelId)),
        ),
      };
      return { status: 200, body };
    },
  });
}

function present(
  decision: ChannelDecision,
  channel: Channel | undefined,
  delivery: DeliveryDocument | undefined,
): z.infer<typeof channelOfEvent> {
  return {
    channel: { id: decision.channelId, name: channel?.name ?? null },
    decision: decision.outcome,
    reason: decision.outcome === 'suppress' ? decision.reason : null,
    explanation: explainDelivery(decision, delivery, channel),
    delivery: delivery === undefined ? null : presentDelivery(delivery),
  };
}

function presentDelivery(delivery: DeliveryDocument): z.infer<typeof deliveryOfEvent> {
  const { state, digest, acknowledgedBy, acknowledgedAt } = delivery;
  const next = delivery.nextAttemptAt.toISOString();
  return {
    state,
    failed_attempts: delivery.attempts,
    next_attempt_at: state === 'pending' ? next : null,
    held_for: state === 'held' ? digest : null,
    held_until: state === 'held' && digest === 'quiet_hours' ? next : null,
    finished_at: delivery.finishedAt?.toISOString() ?? null,
    error: delivery.lastError,
    acknowledged:
      acknowledgedAt && acknowledgedBy ? { by: acknowledgedBy, at: acknowledgedAt.toISOString() } : null,
  };
}
