import type { Db } from 'mongodb';
import { createEndings } from '../../src/delivery/endings.ts';
import { createMuting } from '../../src/delivery/muting.ts';
import { createRecorder } from '../../src/delivery/record.ts';
import { redecide } from '../../src/delivery/redecide.ts';
import { createChannelSettings } from '../../src/delivery/settings.ts';
import { createSweep } from '../../src/delivery/sweep.ts';
import { createTeller } from '../../src/delivery/tell.ts';
import { createLogger } from '../../src/ops/log.ts';
import type { PerlyEvent } from '../../src/perly/event.ts';
import type { QuietHours } from '../../src/rules/quiet-hours.ts';
import { defaultRules, type Rules } from '../../src/rules/rules.ts';
import { createAuditStore } from '../../src/store/audit.ts';
import { createChannelHealthStore } from '../../src/store/channel-health.ts';
import { type ChannelStore, createChannelStore } from '../../src/store/channels.ts';
import { createDeliveryStore } from '../../src/store/deliveries.ts';
import { createEventStore } from '../../src/store/events.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { createLeaseStore } from '../../src/store/leases.ts';
import { createMuteStore } from '../../src/store/mutes.ts';
import { type ChannelDeed, createUntoldStore } from '../../src/store/untold.ts';
import { connectionOf } from './connection-of.ts';
import { eventOf } from './named-events.ts';
import { createTurnedClock } from './turned-clock.ts';

/** The channel, and who changes it. */
export const channelId = 'T1:C1';
export const actor = { kind: 'user', teamId: 'T1', userId: 'U1' } as const;

/** Its quiet hours are what is outside of these, and the rules with them; `later` opens two hours later. */
export const hours: QuietHours = {
  timeZone: 'UTC',
  businessDays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  start: '09:00',
  end: '17:00',
  after: 'digest',
};
export const night: Rules = { ...defaultRules, quietHours: hours };
export const later: Rules = { ...night, quietHours: { ...hours, start: '11:00' } };

/** When the morning after opens by `night`, and by `later`. */
export const nine = new Date('2096-03-06T09:00:00Z');
export const eleven = new Date('2096-03-06T11:00:00Z');

/** A channel on a Monday evening, with quiet hours, on the real stores. */
export async function givenQuietChannel(
  db: Db,
  change: (channels: ChannelStore) => Partial<ChannelStore> = () => ({}),
) {
  const clock = createTurnedClock(new Date('2096-03-05T18:00:00Z'));
  const real = createChannelStore(db, createKeyring([Buffer.alloc(32, 1)]));
  const channels: ChannelStore = Object.assign({}, real, change(real));
  const deliveries = createDeliveryStore(db);
  const mutes = createMuteStore(db);
  const stores = { channels, events: createEventStore(db), deliveries, mutes, clock };
  const followed = { channelIds: [] as string[], openings: [] as Date[] };
  const follow = (what: typeof followed) => {
    followed.channelIds.push(...what.channelIds);
    followed.openings.push(...what.openings);
  };
  const changes: ChannelDeed[] = [];
  const logger = createLogger({ level: 'silent' });
  const teller = createTeller({
    audit: createAuditStore(db),
    untold: createUntoldStore(db),
    announce: async (made) => void changes.push(made),
    logger,
  });
  const muting = createMuting({ ...stores, channels: real, teller });
  const endings = createEndings({ ...stores, channels: real, forward: async () => true });
  const settings = createChannelSettings({
    ...stores,
    channels: real,
    muting,
    endings,
    teller,
    follow,
  });
  await real.connect(connectionOf(), clock.now());
  await settings.changeRules(channelId, 1, night, actor);
  const sweepParts = {
    channels: real,
    channelHealth: createChannelHealthStore(db),
    deliveries,
    leases: createLeaseStore(db, { holder: 'test', ttlMs: 1000 }),
    mend: async () => {},
    redecide: (id: string) => redecide({ ...stores, channels: real }, id),
    recoverRemovals: async () => {},
    mover: { resume: async () => {} },
    endings,
    follow,
    onTrouble() {},
    clock,
    logger,
  };
  return {
    clock,
    settings,
    mutes,
    muting,
    followed,
    changes,
    channels: real,
    record: createRecorder(stores),
    sweep: createSweep(sweepParts),
    /** A sweep of which some parts are others. */
    sweepWith: (changed: Partial<typeof sweepParts>) => createSweep({ ...sweepParts, ...changed }),
    version: async () => (await real.find(channelId))?.version ?? 0,
    /** Each delivery's state with when it wants to go out, or why it was dropped. */
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

/** Another event about the customer with this id. */
export const ofCustomer = (id: string, customer: string): PerlyEvent => ({
  ...eventOf(id),
  customer: { ...eventOf(id).customer, id: customer },
});
