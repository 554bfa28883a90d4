import type { Db } from 'mongodb';
import { type DeliveryDocument, deliveryKey, deliveryRef } from '../../src/store/deliveries/document.ts';
import type { EventDocument } from '../../src/store/event-document.ts';
import { eventKey, sequencesPerMs } from '../../src/store/events.ts';
import { afterRetention } from '../../src/store/retention.ts';
import { eventFor } from '../load/sample.ts';
import { channelIdOf } from '../subjects/app.ts';

const atOnce = 2000;
const firstNumber = 1_000_000_000;

/** Fills a database with events of the last days whose alerts were all sent, as the app would have left them. */
export async function fillStore(
  db: Db,
  { events, channels }: { events: number; channels: number },
): Promise<void> {
  const now = Date.now();
  for (let from = 0; from < events; from += atOnce) {
    const made = Array.from({ length: Math.min(atOnce, events - from) }, (_, index) =>
      toDocuments(from + index, (from + index) % channels, new Date(now - (events - from - index) * 1000)),
    );
    await db.collection<EventDocument>('events').insertMany(made.map(({ event }) => event));
    await db.collection<DeliveryDocument>('deliveries').insertMany(made.map(({ delivery }) => delivery));
  }
}

function toDocuments(
  index: number,
  channel: number,
  at: Date,
): { event: EventDocument; delivery: DeliveryDocument } {
  const event = eventFor(channel, firstNumber + index);
  const key = eventKey(event.account_id, event.id);
  const channelId = channelIdOf(channel);
  const sequence = at.getTime() * sequencesPerMs;
  // The time of arrival differs from the expiry, so that none expires during the measurement.
  const expiresAt = afterRetention(new Date());
  return {
    event: {
      _id: key,
      accountId: event.account_id,
      eventId: event.id,
      digest: key,
      sequence,
      event,
      decisions: [{ channelId, rulesEpoch: 2, servesSince: at, outcome: 'send' }],
      receivedAt: at,
      expiresAt,
    },
    delivery: {
      _id: deliveryKey(key, channelId),
      eventKey: key,
      channelId,
      accountId: event.account_id,
      ref: deliveryRef(deliveryKey(key, channelId)),
      state: 'sent',
      priority: 1,
      sequence,
      attempts: 0,
      lostAnswers: 0,
      nextAttemptAt: at,
      digest: null,
      rulesEpoch: 2,
      lastError: null,
      acknowledgedBy: null,
      acknowledgedAt: null,
      createdAt: at,
      finishedAt: at,
      expiresAt,
    },
  };
}
