import type { Db } from 'mongodb';
import { renderLines } from '../../sandbox/slack/render/render-message.ts';
import { createRecorder } from '../../src/delivery/record.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { defaultRules, type Rules } from '../../src/domain/rules.ts';
import { later } from '../../src/lib/clock.ts';
import { createEventStore, type EventStore } from '../../src/store/events.ts';
import { sampleEvent } from './sample-events.ts';
import { ok, setupSender } from './setup-sender.ts';

/** A channel with these rules, and what was sent to it, as text. Slack answers from a list and then with `ok`. */
export async function setupChannel(db: Db, own: Partial<Rules>) {
  const messages: string[] = [];
  const answers: (WebhookAnswer | Promise<WebhookAnswer>)[] = [];
  const sender = await setupSender(db, (message) => {
    messages.push(renderLines(message).join('\n'));
    return answers.shift() ?? ok;
  });
  const { channels, channelId, deliveries, mutes, clock } = sender;
  /** Any rule that is not named becomes what it was at first. */
  async function change(rules: Partial<Rules>) {
    const channel = await channels.find(channelId);
    if (channel === undefined) throw new Error('the channel is gone');
    await channels.changeSettings(channel, channel.version, { rules: { ...defaultRules, ...own, ...rules } });
  }
  await change({});
  /** Sends everything that is due, as a process that acquires the lease now. */
  async function sendAll() {
    for (;;) {
      const result = await sender.sendNextMessage(await sender.readLease());
      if (result.kind !== 'posted' && result.kind !== 'waiting') return;
      if (result.kind === 'waiting' && result.until > clock.now()) return;
    }
  }
  /** Mutes the customer of the sample event for so many milliseconds. */
  const mute = (ms: number) =>
    mutes.save({
      channelId,
      accountId: 'acct_demo',
      customerId: sampleEvent('seed-example').customer.id,
      customerName: 'Acme',
      until: later(clock, ms),
      mutedBy: 'U0DANA00001',
      createdAt: clock.now(),
    });
  /** The recorder of another process. */
  const createProcess = (change: Partial<EventStore> = {}) =>
    createRecorder({
      channels,
      events: Object.assign({}, createEventStore(db), change),
      deliveries,
      mutes,
      clock,
    });
  return { ...sender, db, messages, answers, change, mute, sendAll, createProcess };
}
