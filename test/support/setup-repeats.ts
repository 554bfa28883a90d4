import type { PerlyEvent } from '../../src/domain/event.ts';
import type { Rules } from '../../src/domain/rules.ts';
import type { DeliveryDocument } from '../../src/store/deliveries/document.ts';
import type { EventDocument } from '../../src/store/event-document.ts';
import { createEventStore } from '../../src/store/events.ts';
import { sampleEvent } from './sample-events.ts';
import { setupChannel } from './setup-channel.ts';
import { setupDatabase } from './setup-database.ts';
import { fault } from './setup-sender.ts';

export const refused = { ...fault, status: 400, body: 'invalid_blocks' };

export function eventOf(id: string, change: Partial<PerlyEvent> = {}): PerlyEvent {
  return { ...sampleEvent('seed-example'), id, risk_level: 'high', ...change };
}

/** A function that sets up a channel, which by default repeats nothing within a day. */
export function setupRepeats() {
  const database = setupDatabase();
  return async ({ repeatAfter = '1_day' }: Pick<Partial<Rules>, 'repeatAfter'> = {}) => {
    const { db } = database;
    const channel = await setupChannel(db, { repeatAfter });
    const { record, sendAll } = channel;
    const stored = db.collection<EventDocument>('events');
    const documents = db.collection<DeliveryDocument>('deliveries');
    /** Returns an event's outcome: the reason if its rules suppressed it, or its delivery's state. */
    async function outcomeOf(id: string): Promise<string> {
      const [decision] = (await stored.findOne({ eventId: id }))?.decisions ?? [];
      const delivery = await documents.findOne({ eventKey: JSON.stringify(['acct_demo', id]) });
      if (decision?.outcome === 'suppress') return delivery === null ? decision.reason : 'both';
      return delivery?.state ?? 'nothing';
    }
    return {
      ...channel,
      events: createEventStore(db),
      documents,
      outcomeOf,
      async post(id: string, change: Partial<PerlyEvent> = {}) {
        await record([eventOf(id, change)]);
        await sendAll();
        return outcomeOf(id);
      },
    };
  };
}

/** As with an engine that has no bulk write. */
export const twoCommands = { insertWithDeliveries: async () => undefined };

export type Repeats = Awaited<ReturnType<ReturnType<typeof setupRepeats>>>;

export const notRepeated = /similar alerts? since .* not repeated/;
