import type { Db } from 'mongodb';
import pino from 'pino';
import { noopObserver } from '../../src/delivery/observer.ts';
import { createBrokenChannelRecovery } from '../../src/delivery/recover-broken.ts';
import { reevaluateHeld } from '../../src/delivery/reevaluate-held.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { createFairLimit } from '../../src/lib/fair-limit.ts';
import { createChannelHealthStore } from '../../src/store/channels/health.ts';
import { createEventStore } from '../../src/store/events.ts';
import { eventOf } from './named-events.ts';
import { ok, setupSender } from './setup-sender.ts';

export const answered = (status: number, body: string): WebhookAnswer => ({
  kind: 'answered',
  status,
  body,
  headers: {},
});

/** The recovery of a sender's broken channels, whose posts Slack answers from the list. */
export function recoveryOf(
  db: Db,
  sender: Awaited<ReturnType<typeof setupSender>>,
  answers: (WebhookAnswer | Promise<WebhookAnswer>)[],
  read: (message: string) => readonly string[] = (message) => [message],
) {
  const { channels, clock, deliveries } = sender;
  const posts: string[] = [];
  const slots = createFairLimit(2);
  const observed: string[] = [];
  const restored: string[] = [];
  const recover = createBrokenChannelRecovery({
    channels: { findWebhook: (id) => channels.findWebhook(id) },
    reevaluateHeld: async (id) => {
      await reevaluateHeld({ ...sender, channels, events: createEventStore(db) }, id);
    },
    channelHealth: createChannelHealthStore(db),
    deliveries,
    events: createEventStore(db),
    webhook: {
      async post(_url, message) {
        posts.push(...read(JSON.stringify(message)));
        return answers.shift() ?? ok;
      },
    },
    slots,
    withSendingPaused: (_id, work) => work(true, async () => true),
    observer: { ...noopObserver, posted: ({ outcome }) => void observed.push(outcome.kind) },
    async publish(channel) {
      restored.push(channel._id);
      return channel;
    },
    clock,
    logger: pino({ level: 'silent' }),
  });
  return { recover, slots, observed, posts, restored };
}

/** A channel that broke with this answer, and its recovery, whose posts Slack answers from the list. */
export async function setupRecovery(
  db: Db,
  breaking: WebhookAnswer,
  answers: (WebhookAnswer | Promise<WebhookAnswer>)[],
) {
  const sender = await setupSender(db, [breaking]);
  const { record, sendNextMessage } = sender;
  const named = (message: string) => message.match(/Good\d|Critical/) ?? [];
  const recovery = recoveryOf(db, sender, answers, named);
  await record([eventOf('Good1')]);
  await sendNextMessage();
  await record([eventOf('Good2'), { ...eventOf('Critical'), risk_level: 'critical' }]);
  const channel = () => db.collection('channels').findOne({ slackChannelId: 'C1' });
  const states = async () =>
    (await db.collection('deliveries').find().sort({ sequence: 1 }).toArray()).map(({ state }) => state);
  return { ...sender, ...recovery, channel, states };
}
