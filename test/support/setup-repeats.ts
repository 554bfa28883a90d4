import type { Db } from 'mongodb';
import { renderLines } from '../../sandbox/slack/render/render-message.ts';
import { createRecorder } from '../../src/delivery/record.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { defaultRules, type Rules } from '../../src/domain/rules.ts';
import type { DeliveryDocument } from '../../src/store/deliveries/document.ts';
import type { EventDocument } from '../../src/store/event-document.ts';
import { createEventStore } from '../../src/store/events.ts';
import { sampleEvent } from './sample-events.ts';
import { fault, ok, setupSender } from './setup-sender.ts';

export const refused = { ...fault, status: 400, body: 'invalid_blocks' };

export function eventOf(id: string, change: Partial<PerlyEvent> = {}): PerlyEvent {
  return { ...sampleEvent('seed-example'), id, risk_level: 'high', ...change };
}

/** A channel that by default repeats nothing within a day. */
export async function setupRepeats(
  db: Db,
  { repeatAfter = '1_day' }: Pick<Partial<Rules>, 'repeatAfter'> = {},
) {
  const messages: string[] = [];
  const answers = [ok];
  const sender = await setupSender(db, (message) => {
    messages.push(renderLines(message).join('\n'));
    return answers.shift() ?? ok;
  });
  const { channels, channelId, deliveries, mutes, clock, record } = sender;
  async function change(rules: Partial<Rules>) {
    const channel = await channels.find(channelId);
    if (channel === undefined) throw new Error('the channel is gone');
    await channels.changeSettings(channel, channel.version, {
      rules: { ...defaultRules, repeatAfter, ...rules },
    });
  }
  await change({});
  /** Sends everything that is due, as a process that acquires the lease now. */
  async function sendAll() {
    for (;;) {
      const result = await sender.sendNextMessage(await sender.readLease());
      if (result.kind === 'posted' && result.more) continue;
      if (result.kind !== 'posted' && (result.kind !== 'waiting' || result.until > clock.now())) return;
    }
  }
  const events = createEventStore(db);
  const stored = db.collection<EventDocument>('events');
  const documents = db.collection<DeliveryDocument>('deliveries');
  /** Returns an event's outcome: the reason if its rules suppressed it, or its delivery's state. */
  async function outcomeOf(id: string): Promise<string> {
    const [decision] = (await stored.findOne({ eventId: id }))?.decisions ?? [];
    const delivery = await documents.findOne({ eventKey: JSON.stringify(['acct_demo', id]) });
    if (decision?.outcome === 'suppress') return delivery === null ? decision.reason : 'both';
    return delivery?.state ?? 'nothing';
  }
  const createProcess = (change: Partial<typeof events> = {}) =>
    createRecorder({
      channels,
      // With two commands, so that a test can come between them.
      events: Object.assign(
        {},
        createEventStore(db),
        { insertWithDeliveries: async () => undefined },
        change,
      ),
      deliveries,
      mutes,
      clock,
    });
  return {
    ...sender,
    db,
    events,
    stored,
    documents,
    messages,
    answers,
    change,
    sendAll,
    outcomeOf,
    createProcess,
    async post(id: string, change: Partial<PerlyEvent> = {}) {
      await record([eventOf(id, change)]);
      await sendAll();
      return outcomeOf(id);
    },
  };
}

export const notRepeated = /similar alerts? since .* not repeated/;
