import express, { type Router } from 'express';
import type { Channel, ChannelStore } from '../store/channels.ts';
import { type DeliveryDocument, type DeliveryStore, deliveryKey } from '../store/deliveries.ts';
import { type ChannelDecision, type EventStore, eventKey } from '../store/events.ts';
import type { Authenticate } from './authenticate.ts';
import { Problem } from './problem.ts';

/**
 * `GET /perly/events/{id}`: what became of an event of the token's account: the decision for each channel and the
 * state of each delivery (DESIGN.md section 2).
 */
export function eventStatusRoute(parts: {
  authenticate: Authenticate;
  channels: ChannelStore;
  events: EventStore;
  deliveries: DeliveryStore;
}): Router {
  const router = express.Router();

  router.get('/perly/events/:id', async (req, res) => {
    const { accountId } = await parts.authenticate(req);
    const key = eventKey(accountId, req.params.id);
    const [found] = await parts.events.listByKeys([key]);
    if (found === undefined)
      throw new Problem(404, 'event_unknown', 'No such event', 'This account has no event with that id.');

    const channelIds = found.decisions.map(({ channelId }) => channelId);
    const [channels, deliveries] = await Promise.all([
      parts.channels.listByIds(channelIds),
      parts.deliveries.listByIds(channelIds.map((channelId) => deliveryKey(key, channelId))),
    ]);
    const channelById = new Map(channels.map((channel) => [channel._id, channel]));
    const deliveryByChannel = new Map(deliveries.map((delivery) => [delivery.channelId, delivery]));
    res.json({
      id: found.eventId,
      received_at: found.receivedAt.toISOString(),
      channels: found.decisions.map((decision) =>
        present(decision, channelById.get(decision.channelId), deliveryByChannel.get(decision.channelId)),
      ),
    });
  });
  return router;
}

function present(
  decision: ChannelDecision,
  channel: Channel | undefined,
  delivery: DeliveryDocument | undefined,
): Record<string, unknown> {
  return {
    channel: { id: decision.channelId, name: channel?.name ?? null },
    decision: decision.outcome,
    reason: decision.outcome === 'suppress' ? decision.reason : null,
    delivery: delivery === undefined ? null : presentDelivery(delivery),
  };
}

function presentDelivery(delivery: DeliveryDocument): Record<string, unknown> {
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
    acknowledged: acknowledgedAt ? { by: acknowledgedBy, at: acknowledgedAt.toISOString() } : null,
  };
}
