import { describe, expect, test } from 'vitest';
import { dropAll } from '../../src/delivery/held.ts';
import { createMuting } from '../../src/delivery/muting.ts';
import { createRecorder } from '../../src/delivery/record.ts';
import { redecide } from '../../src/delivery/redecide.ts';
import { createChannelSettings } from '../../src/delivery/settings.ts';
import { createSweep } from '../../src/delivery/sweep.ts';
import { createTeller, toDeed } from '../../src/delivery/tell.ts';
import { createLogger } from '../../src/ops/log.ts';
import type { PerlyEvent } from '../../src/perly/event.ts';
import type { QuietHours } from '../../src/rules/quiet-hours.ts';
import { defaultRules, type Rules } from '../../src/rules/rules.ts';
import { createAuditStore } from '../../src/store/audit.ts';
import { type ChannelStore, createChannelStore } from '../../src/store/channels.ts';
import { createDeliveryStore } from '../../src/store/deliveries.ts';
import { createEventStore } from '../../src/store/events.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { createLeaseStore } from '../../src/store/leases.ts';
import { createMuteStore } from '../../src/store/mutes.ts';
import { type ChannelDeed, createUntoldStore } from '../../src/store/untold.ts';
import { givenDatabase } from '../support/given-database.ts';
import { eventOf } from '../support/named-events.ts';
import { createTurnedClock } from '../support/turned-clock.ts';

const database = givenDatabase();

const channelId = 'T1:C1';
const actor = { kind: 'user', teamId: 'T1', userId: 'U1' } as const;
const hours: QuietHours = {
  timeZone: 'UTC',
  businessDays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  start: '09:00',
  end: '17:00',
  after: 'digest',
};
const night: Rules = { ...defaultRules, quietHours: hours };
const later: Rules = { ...night, quietHours: { ...hours, start: '11:00' } };
const nine = new Date('2096-03-06T09:00:00Z');
const eleven = new Date('2096-03-06T11:00:00Z');

/** A channel on a Monday evening, with quiet hours, on the real stores. */
async function given(change: (channels: ChannelStore) => Partial<ChannelStore> = () => ({})) {
  const clock = createTurnedClock(new Date('2096-03-05T18:00:00Z'));
  const real = createChannelStore(database.db, createKeyring([Buffer.alloc(32, 1)]));
  const channels: ChannelStore = Object.assign({}, real, change(real));
  const deliveries = createDeliveryStore(database.db);
  const mutes = createMuteStore(database.db);
  const stores = { channels, events: createEventStore(database.db), deliveries, mutes, clock };
  const followed = { channelIds: [] as string[], openings: [] as Date[] };
  const follow = (what: typeof followed) => {
    followed.channelIds.push(...what.channelIds);
    followed.openings.push(...what.openings);
  };
  const changes: ChannelDeed[] = [];
  const logger = createLogger({ level: 'silent' });
  const teller = createTeller({
    audit: createAuditStore(database.db),
    untold: createUntoldStore(database.db),
    announce: async (made) => void changes.push(made),
    logger,
  });
  const muting = createMuting({ ...stores, channels: real, teller });
  const settings = createChannelSettings({
    ...stores,
    channels: real,
    muting,
    teller,
    follow,
  });
  await real.connect(
    {
      teamId: 'T1',
      teamName: null,
      slackChannelId: 'C1',
      name: '#c',
      accountId: 'acct_demo',
      webhookUrl: 'https://hooks.slack.com/services/T1/B1/x',
      connectedBy: 'U1',
    },
    clock.now(),
  );
  await settings.changeRules(channelId, 1, night, actor);
  return {
    clock,
    settings,
    mutes,
    muting,
    followed,
    changes,
    channels: real,
    record: createRecorder(stores),
    sweep: createSweep({
      channels: real,
      deliveries,
      leases: createLeaseStore(database.db, { holder: 'test', ttlMs: 1000 }),
      mend: async () => {},
      redecide: (id) => redecide({ ...stores, channels: real }, id),
      leaving: { resume: async () => {} },
      mover: { resume: async () => {}, tidy: (id) => dropAll(deliveries, id, clock.now()) },
      follow,
      clock,
      logger,
    }),
    version: async () => (await real.find(channelId))?.version ?? 0,
    /** Each delivery's state with when it wants to go out, or why it was dropped. */
    async held(): Promise<Record<string, unknown>> {
      const all = await database.db.collection('deliveries').find().toArray();
      return Object.fromEntries(
        all.map(({ eventKey, state, nextAttemptAt, lastError }) => [
          (JSON.parse(eventKey) as string[])[1],
          state === 'held' ? nextAttemptAt : (lastError ?? state),
        ]),
      );
    },
  };
}

const ofCustomer = (id: string, customer: string): PerlyEvent => ({
  ...eventOf(id),
  customer: { ...eventOf(id).customer, id: customer },
});

describe('what is held follows the rules', () => {
  test('it moves to the new opening, which is planned', async () => {
    const { record, settings, version, held, followed } = await given();
    expect(await record([eventOf('a'), eventOf('b')])).toMatchObject({ channelIds: [], openings: [nine] });
    expect(await settings.changeRules(channelId, await version(), later, actor)).toMatchObject({
      kind: 'saved',
    });
    expect(await held()).toEqual({ evt_a: eleven, evt_b: eleven });
    expect(followed.openings).toContainEqual(eleven);
  });

  test('more than a page of it', async () => {
    const { record, settings, version, held } = await given();
    await record(Array.from({ length: 520 }, (_, index) => eventOf(`e${index}`)));
    await settings.changeRules(channelId, await version(), later, actor);
    expect(new Set(Object.values(await held()).map(String))).toEqual(new Set([String(eleven)]));
  });

  test('with quiet hours off it is due now, and its channel is served', async () => {
    const { record, settings, version, held, followed, clock } = await given();
    await record([eventOf('a')]);
    await settings.changeRules(channelId, await version(), defaultRules, actor);
    expect(await held()).toEqual({ evt_a: clock.now() });
    expect(followed.channelIds).toEqual([channelId]);
  });

  test('what the new rules keep back is dropped, and so is what would now be discarded', async () => {
    const { record, settings, version, held } = await given();
    await record([eventOf('a'), { ...eventOf('b'), type: 'customer_at_risk' }]);
    await settings.changeRules(
      channelId,
      await version(),
      { ...night, eventTypes: ['health_score_drop'] },
      actor,
    );
    expect(await held()).toEqual({ evt_a: nine, evt_b: 'event_type_off' });
    const discarding: Rules = { ...night, quietHours: { ...hours, after: 'discard' } };
    await settings.changeRules(channelId, await version(), discarding, actor);
    expect(await held()).toMatchObject({ evt_a: 'quiet_hours' });
  });

  test('a customer who is muted leaves the next digest, and comes back by hand only', async () => {
    const { record, settings, held, clock } = await given();
    await record([ofCustomer('a', 'cus_a'), ofCustomer('b', 'cus_b')]);
    const until = new Date(clock.now().getTime() + 86_400_000);
    await settings.mute(channelId, { id: 'cus_a', name: 'A' }, until, actor);
    expect(await held()).toEqual({ evt_a: 'customer_muted', evt_b: nine });
    await record([ofCustomer('c', 'cus_a')]);
    expect(Object.keys(await held())).toEqual(['evt_a', 'evt_b']);
    await settings.unmute(channelId, 'cus_a', actor);
    await record([ofCustomer('d', 'cus_a')]);
    expect(await held()).toMatchObject({ evt_a: 'customer_muted', evt_d: nine });
  });

  test('a pause changes nothing for what is held already', async () => {
    const { record, settings, version, held } = await given();
    await record([eventOf('a')]);
    await settings.pause(channelId, 'resumed', actor);
    await record([eventOf('b')]);
    await settings.changeRules(channelId, await version(), later, actor);
    expect(await held()).toEqual({ evt_a: eleven });
  });

  test('whoever saves rules that somebody else changed meanwhile changes nothing, and sees them', async () => {
    const { settings, version, changes } = await given();
    const read = await version();
    await settings.changeRules(channelId, read, later, actor);
    expect(await settings.changeRules(channelId, read, defaultRules, actor)).toMatchObject({
      kind: 'outdated',
      channel: { rules: later },
    });
    expect(changes.map(({ action }) => action)).toEqual(['rules_changed', 'rules_changed']);
    const audited = await database.db.collection('audit').find().toArray();
    expect(audited.at(-1)).toMatchObject({ action: 'rules_changed', actor, before: night, after: later });
  });

  test('disconnected: what waits is dropped, the webhook, the account and the mutes are gone', async () => {
    const { record, settings, held, channels, clock } = await given();
    await record([eventOf('a'), { ...eventOf('b'), risk_level: 'critical' }]);
    await settings.mute(channelId, { id: 'x', name: 'X' }, new Date(clock.now().getTime() + 1000), actor);
    expect(await settings.disconnect(channelId, actor)).toMatchObject({ kind: 'saved' });
    expect(await held()).toEqual({ evt_a: 'disconnected', evt_b: 'disconnected' });
    expect(await database.db.collection('mutes').countDocuments()).toBe(0);
    const left = await database.db.collection('channels').findOne();
    expect(left).toMatchObject({ status: 'disconnected', accountId: null, rules: night });
    expect(left).not.toHaveProperty('webhookUrl');
    expect(await channels.listByAccounts(['acct_demo'])).toEqual([]);
    expect(await settings.changeRules(channelId, 1, defaultRules, actor)).toEqual({ kind: 'gone' });
  });
});

describe('a process that dies between two lines', () => {
  test('rules changed, nothing decided anew: the sweep does it', async () => {
    const { record, channels, version, sweep, held, followed } = await given();
    await record([eventOf('a')]);
    await channels.changeSettings(channelId, await version(), { rules: later });
    expect(await held()).toEqual({ evt_a: nine });
    await sweep();
    expect(await held()).toEqual({ evt_a: eleven });
    expect(followed.openings).toContainEqual(eleven);
    expect(await channels.listUnsettled()).toEqual([]);
  });

  test('a customer muted, nothing decided anew: the sweep does it, and tells of it once', async () => {
    const { record, channels, mutes, muting, sweep, held, clock } = await given();
    await record([ofCustomer('a', 'cus_a'), ofCustomer('b', 'cus_b')]);
    const [at, until] = [clock.now(), nine];
    const channel = await channels.find(channelId);
    if (channel === undefined) throw new Error('the channel is gone');
    const mute = { channelId, accountId: 'acct_demo', customerId: 'cus_a', customerName: 'A', until };
    const deed = toDeed(channel, { action: 'customer_muted', actor, at });
    await mutes.save({ ...mute, mutedBy: 'U1', createdAt: at }, deed);
    await muting.sweep();
    await muting.sweep();
    await sweep();
    expect(await held()).toEqual({ evt_a: 'customer_muted', evt_b: nine });
    const audited = await database.db.collection('audit').find({ action: 'customer_muted' }).toArray();
    expect(audited).toHaveLength(1);
  });

  test('disconnected, and what waited not dropped: the sweep does it', async () => {
    const { record, channels, sweep, held, clock } = await given();
    await record([eventOf('a'), { ...eventOf('b'), risk_level: 'critical' }]);
    await channels.disconnect(channelId, new Date(nine.getTime() + 86_400_000));
    await clock.advance(nine.getTime() - clock.now().getTime());
    await sweep();
    expect(await held()).toEqual({ evt_a: 'disconnected', evt_b: 'disconnected' });
  });

  test('held, and the opening not planned: the sweep before it does it', async () => {
    const { record, sweep, clock, followed } = await given();
    await record([eventOf('a')]);
    await sweep();
    expect(followed.openings).toEqual([]);
    await clock.advance(nine.getTime() - clock.now().getTime() - 60_000);
    await sweep();
    expect(followed.openings).toEqual([nine]);
    await clock.advance(60_000);
    await sweep();
    expect(followed.channelIds).toEqual([channelId]);
  });
});

test('an event that was decided by rules that changed before it was written follows them all the same', async () => {
  // The recorder read the channel, and then the rules changed and all that was held was decided anew.
  let changeNow: () => Promise<unknown> = async () => {};
  const { record, settings, version, held } = await given((real) => ({
    async listByAccounts(ids) {
      const read = await real.listByAccounts(ids);
      await changeNow();
      return read;
    },
  }));
  const read = await version();
  changeNow = async () => {
    changeNow = async () => {};
    await settings.changeRules(channelId, read, later, actor);
  };
  expect(await record([eventOf('a')])).toMatchObject({ openings: expect.arrayContaining([eleven]) });
  expect(await held()).toEqual({ evt_a: eleven });
});

test('a repeated event is nothing for a channel that was disconnected and connected again since', async () => {
  const { record, settings, channels, held, clock } = await given();
  await record([eventOf('a')]);
  await database.db.collection('deliveries').deleteMany({});
  await settings.disconnect(channelId, actor);
  await clock.advance(3_600_000);
  await channels.connect(
    {
      teamId: 'T1',
      teamName: null,
      slackChannelId: 'C1',
      name: '#c',
      accountId: 'acct_demo',
      webhookUrl: 'https://hooks.slack.com/services/T1/B2/x',
      connectedBy: 'U2',
    },
    clock.now(),
  );
  expect(await record([eventOf('a')])).toMatchObject({ receipts: ['duplicate'], channelIds: [] });
  expect(await held()).toEqual({});
  expect(await channels.find(channelId)).toMatchObject({ rules: night, managers: ['U2'], expiresAt: null });
});
