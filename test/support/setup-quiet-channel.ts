import type { Db } from 'mongodb';
import { createMuting } from '../../src/channels/mute.ts';
import { createOutboxRelay } from '../../src/channels/outbox-relay.ts';
import { createChannelSettings } from '../../src/channels/settings.ts';
import { createTenancyCleanup } from '../../src/channels/tenancy-cleanup.ts';
import { createRecorder } from '../../src/delivery/record.ts';
import { createChannelRecovery } from '../../src/delivery/recover-channels.ts';
import { createRecovery } from '../../src/delivery/recovery.ts';
import { reevaluateHeld } from '../../src/delivery/reevaluate-held.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { defaultRules, type Rules } from '../../src/domain/rules.ts';
import { createLogger } from '../../src/ops/log.ts';
import { createAuditStore } from '../../src/store/audit.ts';
import { createChannelHealthStore } from '../../src/store/channels/health.ts';
import { createOutboxStore, type PublishedChange } from '../../src/store/channels/outbox.ts';
import { type ChannelStore, createChannelStore } from '../../src/store/channels/store.ts';
import { createDeliveryStore } from '../../src/store/deliveries/store.ts';
import { createEventStore } from '../../src/store/events.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { createLeaseStore } from '../../src/store/leases.ts';
import { createMuteStore } from '../../src/store/mutes.ts';
import { businessHours } from './business-hours.ts';
import { connectionOf } from './connection-of.ts';
import { createFakeClock } from './fake-clock.ts';
import { eventOf } from './named-events.ts';

export const channelId = 'T1:C1';
export const actor = { kind: 'user', teamId: 'T1', userId: 'U1' } as const;

/** The hours outside of which the channel is quiet; `later` opens two hours later. */
export const hours = businessHours();
export const night: Rules = { ...defaultRules, timing: hours };
export const later: Rules = { ...night, timing: businessHours({ start: '11:00' }) };

/** The next morning's opening by `night`, and by `later`. */
export const nine = new Date('2096-03-06T09:00:00Z');
export const eleven = new Date('2096-03-06T11:00:00Z');

/** A channel on a Monday evening, with quiet hours, on the real stores. */
export async function setupQuietChannel(
  db: Db,
  change: (channels: ChannelStore) => Partial<ChannelStore> = () => ({}),
) {
  const clock = createFakeClock(new Date('2096-03-05T18:00:00Z'));
  const real = createChannelStore(db, createKeyring([Buffer.alloc(32, 1)]));
  const channels: ChannelStore = Object.assign({}, real, change(real));
  const deliveries = createDeliveryStore(db);
  const mutes = createMuteStore(db);
  const stores = { channels, events: createEventStore(db), deliveries, mutes, clock };
  const scheduled = { channelIds: [] as string[], openings: [] as Date[] };
  const scheduleNext = (what: typeof scheduled) => {
    scheduled.channelIds.push(...what.channelIds);
    scheduled.openings.push(...what.openings);
  };
  const changes: PublishedChange[] = [];
  const logger = createLogger({ level: 'silent' });
  const outboxRelay = createOutboxRelay({
    audit: createAuditStore(db),
    outbox: createOutboxStore(db),
    onPublish: async (made) => void changes.push(made),
    logger,
  });
  const muting = createMuting({ ...stores, channels: real, outboxRelay });
  const tenancyCleanup = createTenancyCleanup({ ...stores, channels: real, forward: async () => true });
  const settings = createChannelSettings({
    ...stores,
    channels: real,
    muting,
    tenancyCleanup,
    withSendingPaused: (_id, work) => work(true, async () => true),
    outboxRelay,
    scheduleNext,
  });
  await real.connect(connectionOf(), clock.now());
  await settings.changeRules(channelId, 1, night, actor);
  const recoveryParts = {
    channels: real,
    channelHealth: createChannelHealthStore(db),
    deliveries,
    leases: createLeaseStore(db, { holder: 'test', ttlMs: 1000 }),
    reevaluateHeld: (id: string) => reevaluateHeld({ ...stores, channels: real }, id),
    endLate: tenancyCleanup.endLate,
    scheduleNext,
    onTrouble() {},
    clock,
    logger,
  };
  const recoverWith = (changed: Partial<typeof recoveryParts>): Promise<void> => {
    const recovery = createChannelRecovery({ ...recoveryParts, ...changed });
    const { reevaluateChanged, endTroubles, takeOverDue, planOpenings } = recovery;
    const all = [reevaluateChanged, endTroubles, () => tenancyCleanup.recover(), takeOverDue, planOpenings];
    const steps = all.map((run, index) => ({ name: `step ${index + 1}`, run }));
    return createRecovery(steps, logger).run();
  };
  return {
    clock,
    settings,
    mutes,
    muting,
    scheduled,
    changes,
    channels: real,
    record: createRecorder(stores),
    recover: () => recoverWith({}),
    recoverWith,
    version: async () => (await real.find(channelId))?.version ?? 0,
    /** Each delivery's state, with its next attempt or the reason it was dropped. */
    async held(): Promise<Record<string, unknown>> {
      const all = await db.collection('deliveries').find().toArray();
      return Object.fromEntries(
        all.map(({ eventKey, state, nextAttemptAt, lastError }) => [
          (JSON.parse(eventKey) as string[])[1],
          state === 'held' ? nextAttemptAt : (lastError ?? state),
        ]),
      );
    },
  };
}

export const ofCustomer = (id: string, customer: string): PerlyEvent => ({
  ...eventOf(id),
  customer: { ...eventOf(id).customer, id: customer },
});
