import type { Db } from 'mongodb';
import pino from 'pino';
import type { Lease } from '../../src/delivery/lease-manager.ts';
import { createRecorder } from '../../src/delivery/record.ts';
import { reevaluateWaiting } from '../../src/delivery/reevaluate-held.ts';
import { createSendNextMessage } from '../../src/delivery/send-next-message.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { weekdays } from '../../src/domain/vocabulary.ts';
import { createFairLimit } from '../../src/lib/fair-limit.ts';
import type { WebhookMessage } from '../../src/messages/webhook-message.ts';
import { createChannelHealthStore } from '../../src/store/channels/health.ts';
import { createChannelStore } from '../../src/store/channels/store.ts';
import { createDeliveryStore, type DeliveryStore } from '../../src/store/deliveries/store.ts';
import { createEventStore } from '../../src/store/events.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { createMuteStore } from '../../src/store/mutes.ts';
import { businessHours } from './business-hours.ts';
import { connectionOf } from './connection-of.ts';
import { createFakeClock } from './fake-clock.ts';
import { sampleEvent } from './sample-events.ts';

export const ok: WebhookAnswer = { kind: 'answered', status: 200, body: 'ok', headers: {} };
export const fault: WebhookAnswer = {
  kind: 'answered',
  status: 500,
  body: 'rollup_error',
  headers: {},
};
export const lost: WebhookAnswer = { kind: 'lost', code: 'ECONNRESET' };
export const timeout: WebhookAnswer = { kind: 'lost', code: 'TIMEOUT' };
export const busy: WebhookAnswer = {
  kind: 'answered',
  status: 429,
  headers: { 'retry-after': '30' },
  body: '',
};

type AnswerTo = (message: WebhookMessage) => WebhookAnswer | Promise<WebhookAnswer>;

/** Real stores and a fake clock; Slack answers from a list and then with `ok`, or as the function decides. */
export async function setupSender(
  db: Db,
  answers: (WebhookAnswer | Promise<WebhookAnswer>)[] | AnswerTo,
  change: (deliveries: DeliveryStore) => Partial<DeliveryStore> = () => ({}),
) {
  const clock = createFakeClock();
  const channels = createChannelStore(db, createKeyring([Buffer.alloc(32, 1)]));
  const events = createEventStore(db);
  const mutes = createMuteStore(db);
  const real = createDeliveryStore(db);
  const deliveries: DeliveryStore = Object.assign({}, real, change(real));
  const posts: number[] = [];
  const sendNextMessage = createSendNextMessage({
    channelHealth: createChannelHealthStore(db),
    events,
    deliveries,
    findMentions: async () => new Map(),
    webhook: {
      async post(_url, message) {
        posts.push(message.attachments?.length ?? 0);
        if (typeof answers === 'function') return answers(message);
        return answers.shift() ?? ok;
      },
    },
    slots: createFairLimit(1),
    reevaluateHeld: (channelId) =>
      reevaluateWaiting({ channels, events, deliveries, mutes, clock }, channelId),
    clock,
    random: () => 0.5,
    logger: pino({ level: 'silent' }),
  });
  const { channel } = await channels.connect(connectionOf(), clock.now());
  let isHeld = true;
  /** Reads the channel as a lease holder does. */
  async function readLease(): Promise<Lease> {
    const found = await channels.findSendable(channel._id);
    if (found === undefined) throw new Error('the channel is not active');
    return { channel: found, isHeld: () => isHeld, refresh: async () => true, update() {}, invalidate() {} };
  }
  let kept: Lease | undefined;
  const record = createRecorder({
    channels,
    // Not the sender's own store, whose cache would have the events.
    events: createEventStore(db),
    deliveries: real,
    mutes,
    clock,
  });
  return {
    clock,
    posts,
    /** Business hours that start in an hour. */
    async startQuietHours() {
      const timing = businessHours({ days: weekdays, start: '15:00', end: '16:00' });
      await channels.changeSettings(channel, channel.version, { rules: { ...defaultRules, timing } });
      return 3_600_000;
    },
    post: (id: string) => record([{ ...sampleEvent('seed-example'), id }]),
    record,
    deliveries: real,
    channelId: channel._id,
    channels,
    mutes,
    /** @param lease by default the lease that was taken first */
    async sendNextMessage(lease?: Lease) {
      kept ??= await readLease();
      return sendNextMessage(lease ?? kept);
    },
    readLease,
    loseLease: () => {
      isHeld = false;
    },
    async find(id: string) {
      const found = await db
        .collection('deliveries')
        .findOne({ eventKey: JSON.stringify(['acct_demo', id]) });
      return {
        state: found?.state,
        attempts: found?.attempts,
        lostAnswers: found?.lostAnswers,
        due: found?.nextAttemptAt as Date,
      };
    },
  };
}
