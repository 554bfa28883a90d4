import type { Engine } from './engine.ts';
import type { Journal } from './journal.ts';

type Delivery = { _id: string; eventKey: string; channelId: string; state: string; lastError: string | null };

/** Looks at what the database says of the deliveries once all is over: every one is `sent`, and Slack has it. */
export async function checkDeliveries(engine: Engine, journal: Journal): Promise<void> {
  const { db, close } = await engine.open();
  const deliveries = db.collection<Delivery>('deliveries');
  const left = deliveries.find({ state: { $ne: 'sent' } });
  for await (const { eventKey, channelId, state, lastError } of left) {
    const [, eventId = eventKey]: string[] = JSON.parse(eventKey);
    const [, slackChannelId] = channelId.split(':');
    const text = `${eventId} in ${slackChannelId} is ${state} in the database (${lastError ?? 'no error'})`;
    journal.problem('delivery', text, [eventId], slackChannelId);
  }
  await close();
}
