import type { Db } from 'mongodb';
import pino from 'pino';
import { expect } from 'vitest';
import { renderLines } from '../../sandbox/slack/render/render-message.ts';
import { createReminders } from '../../src/delivery/remind.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { defaultRules, type Rules } from '../../src/domain/rules.ts';
import { hourMs } from '../../src/lib/time.ts';
import { withReminder } from '../../src/store/deliveries/document.ts';
import { createDeliveryStore } from '../../src/store/deliveries/store.ts';
import { createEventStore } from '../../src/store/events.ts';
import { sampleEvent } from './sample-events.ts';
import { ok, setupSender } from './setup-sender.ts';

export const manyHours = 30 * hourMs;

const critical = (id: string) => ({
  ...sampleEvent('seed-example'),
  id,
  risk_level: 'critical' as const,
});

/** One critical alert was sent; the channel reminds after an hour by default. */
export async function setupReminders(
  db: Db,
  { remindAfter = '1_hour' }: Pick<Partial<Rules>, 'remindAfter'> = {},
) {
  const messages: string[] = [];
  const answers: (WebhookAnswer | Promise<WebhookAnswer>)[] = [ok];
  const sender = await setupSender(db, (message) => {
    messages.push(renderLines(message).join('\n'));
    return answers.shift() ?? ok;
  });
  const { channels, channelId, deliveries, mutes, clock, record } = sender;
  async function change(rules: Partial<Rules>) {
    const channel = await channels.find(channelId);
    if (channel === undefined) throw new Error('the channel is gone');
    await channels.changeSettings(channel, channel.version, {
      rules: { ...defaultRules, remindAfter, ...rules },
    });
  }
  await change({});
  const woken: string[] = [];
  const parts: Parameters<typeof createReminders>[0] = {
    channels,
    events: createEventStore(db),
    deliveries,
    mutes,
    scheduleNext: ({ channelIds }) => void woken.push(...channelIds),
    clock,
    logger: pino({ level: 'silent' }),
  };
  const createRun = () => createReminders(parts);
  /** Sends everything that is due, as a process that acquires the lease now. */
  async function sendAll() {
    for (;;) {
      const result = await sender.sendNextMessage(await sender.readLease());
      if (result.kind !== 'posted' && result.kind !== 'waiting') return;
      if (result.kind === 'waiting' && result.until > clock.now()) return;
    }
  }
  await record([critical('evt_1')]);
  await sendAll();
  expect(messages).toHaveLength(1);
  const documents = db.collection<{ _id: string }>('deliveries');
  return {
    ...sender,
    db,
    change,
    messages,
    answers,
    woken,
    sendAll,
    parts,
    createRun,
    run: createRun(),
    original: () => documents.findOne({ reminder: { $exists: false } }),
    reminders: () => documents.find({ reminder: { $exists: true } }).toArray(),
  };
}

export type Fixture = Omit<Awaited<ReturnType<typeof setupReminders>>, 'posts'>;

/** Decides and sends again: the alert's reminder follows the alert. */
export async function expectReminder({ run, sendAll, messages }: Fixture): Promise<void> {
  await run();
  await sendAll();
  expect(messages[1]).toContain('⏰ Still open for 1 hour');
}

export async function acknowledge(fixture: Fixture): Promise<void> {
  const { reminder } = await acknowledgeOnly(fixture);
  await createDeliveryStore(fixture.db).dropReminders([reminder], fixture.clock.now());
}

/** As a process that dies before it drops the reminder. */
export async function acknowledgeOnly({ db, clock, original }: Fixture) {
  const found = await createDeliveryStore(db).listByIds([(await original())?._id ?? '']);
  const [ids] = found.map(withReminder);
  if (ids === undefined) throw new Error('the alert is gone');
  const deliveries = createDeliveryStore(db);
  await deliveries.acknowledge([ids.alert, ids.reminder], 'U0DANA00001', clock.now());
  return ids;
}

export async function undo({ deliveries, clock, original }: Fixture): Promise<void> {
  const id = (await original())?._id ?? '';
  await deliveries.undoAcknowledge([id], { until: clock.now() }, { by: 'U0DANA00001', at: clock.now() });
}

export async function mute({ mutes, channelId, clock }: Fixture): Promise<void> {
  await mutes.save({
    channelId,
    accountId: 'acct_demo',
    customerId: sampleEvent('seed-example').customer.id,
    customerName: 'Acme',
    until: new Date(clock.now().getTime() + manyHours),
    mutedBy: 'U0DANA00001',
    createdAt: clock.now(),
  });
}

export async function set({ db }: Fixture, change: object): Promise<void> {
  await db.collection('channels').updateMany({}, { $set: change });
}
