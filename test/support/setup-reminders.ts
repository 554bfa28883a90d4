import pino from 'pino';
import { expect } from 'vitest';
import { createReminders } from '../../src/delivery/remind.ts';
import type { Rules } from '../../src/domain/rules.ts';
import { hourMs } from '../../src/lib/time.ts';
import { withReminder } from '../../src/store/deliveries/document.ts';
import { createDeliveryStore, type DeliveryStore } from '../../src/store/deliveries/store.ts';
import { createEventStore } from '../../src/store/events.ts';
import { sampleEvent } from './sample-events.ts';
import { setupChannel } from './setup-channel.ts';
import { setupDatabase } from './setup-database.ts';

export const manyHours = 30 * hourMs;

const critical = (id: string) => ({
  ...sampleEvent('seed-example'),
  id,
  risk_level: 'critical' as const,
});

/** A function that sends one critical alert to a channel, which by default reminds after an hour. */
export function setupReminders() {
  const database = setupDatabase();
  return async ({ remindAfter = '1_hour' }: Pick<Partial<Rules>, 'remindAfter'> = {}) => {
    const { db } = database;
    const channel = await setupChannel(db, { remindAfter });
    const { channels, deliveries, mutes, clock, record, messages, sendAll } = channel;
    const woken: string[] = [];
    const createRun = (change: Partial<DeliveryStore> = {}) =>
      createReminders({
        channels,
        events: createEventStore(db),
        deliveries: Object.assign({}, deliveries, change),
        mutes,
        scheduleNext: ({ channelIds }) => void woken.push(...channelIds),
        clock,
        logger: pino({ level: 'silent' }),
      });
    const run = createRun();
    await record([critical('evt_1')]);
    await sendAll();
    expect(messages).toHaveLength(1);
    const documents = db.collection<{ _id: string }>('deliveries');
    const original = () => documents.findOne({ reminder: { $exists: false } });
    /** The store of another process. */
    const elsewhere = createDeliveryStore(db);
    /** As a process that dies before it drops the reminder. */
    async function acknowledgeOnly() {
      const found = await elsewhere.listByIds([(await original())?._id ?? '']);
      const [ids] = found.map(withReminder);
      if (ids === undefined) throw new Error('the alert is gone');
      await elsewhere.acknowledge([ids.alert, ids.reminder], 'U0DANA00001', clock.now());
      return ids;
    }
    return {
      ...channel,
      woken,
      createRun,
      run,
      original,
      reminders: () => documents.find({ reminder: { $exists: true } }).toArray(),
      acknowledgeOnly,
      async acknowledge() {
        const { reminder } = await acknowledgeOnly();
        await elsewhere.dropReminders([reminder], clock.now());
      },
      async undo() {
        const id = (await original())?._id ?? '';
        await deliveries.undoAcknowledge(
          [id],
          { until: clock.now() },
          { by: 'U0DANA00001', at: clock.now() },
        );
      },
      updateChannel: (change: object) => db.collection('channels').updateMany({}, { $set: change }),
      /** Decides and sends again: the alert's reminder follows the alert. */
      async expectReminder() {
        await run();
        await sendAll();
        expect(messages[1]).toContain('⏰ Still open for 1 hour');
      },
    };
  };
}

export type Reminders = Awaited<ReturnType<ReturnType<typeof setupReminders>>>;
