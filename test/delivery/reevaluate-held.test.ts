import { describe, expect, test } from 'vitest';
import { defaultRules, type Rules } from '../../src/domain/rules.ts';
import { dayMs, hourMs } from '../../src/lib/time.ts';
import type { ChannelStore } from '../../src/store/channels/store.ts';
import { connectionOf } from '../support/connection-of.ts';
import { eventOf } from '../support/named-events.ts';
import { setupDatabase } from '../support/setup-database.ts';
import {
  actor,
  channelId,
  eleven,
  hours,
  later,
  night,
  nine,
  ofCustomer,
  setupQuietChannel,
} from '../support/setup-quiet-channel.ts';

const database = setupDatabase();
const setup = (change?: (channels: ChannelStore) => Partial<ChannelStore>) =>
  setupQuietChannel(database.db, change);

describe('held deliveries follow the rules', () => {
  test('they move to the new opening, which is planned', async () => {
    const { record, settings, version, held, scheduled } = await setup();
    expect(await record([eventOf('a'), eventOf('b')])).toMatchObject({ tenancies: [], openings: [nine] });
    expect(await settings.changeRules(channelId, await version(), later, actor)).toMatchObject({
      kind: 'saved',
    });
    expect(await held()).toEqual({ evt_a: eleven, evt_b: eleven });
    expect(scheduled.openings).toContainEqual(eleven);
  });

  test('more than a page of them', async () => {
    const { record, settings, version, held } = await setup();
    await record(Array.from({ length: 520 }, (_, index) => eventOf(`e${index}`)));
    await settings.changeRules(channelId, await version(), later, actor);
    expect(new Set(Object.values(await held()).map(String))).toEqual(new Set([String(eleven)]));
  });

  test('with quiet hours off they are due now, and their channel is served', async () => {
    const { record, settings, version, held, scheduled, clock } = await setup();
    await record([eventOf('a')]);
    await settings.changeRules(channelId, await version(), defaultRules, actor);
    expect(await held()).toEqual({ evt_a: clock.now() });
    expect(scheduled.channelIds).toEqual([channelId]);
  });

  test('those that the new rules suppress or discard are dropped', async () => {
    const { record, settings, version, held } = await setup();
    await record([eventOf('a'), { ...eventOf('b'), type: 'customer_at_risk' }]);
    await settings.changeRules(
      channelId,
      await version(),
      { ...night, eventTypes: ['health_score_drop'] },
      actor,
    );
    expect(await held()).toEqual({ evt_a: nine, evt_b: 'event_type_off' });
    const discarding: Rules = { ...night, timing: { ...hours, outside: 'discard' } };
    await settings.changeRules(channelId, await version(), discarding, actor);
    expect(await held()).toMatchObject({ evt_a: 'quiet_hours' });
  });

  test('a muted customer leaves the next digest, and does not return when unmuted', async () => {
    const { record, settings, held, clock } = await setup();
    await record([ofCustomer('a', 'cus_a'), ofCustomer('b', 'cus_b')]);
    const until = new Date(clock.now().getTime() + dayMs);
    await settings.mute({ channelId, accountId: 'acct_demo' }, { id: 'cus_a', name: 'A' }, until, actor);
    expect(await held()).toEqual({ evt_a: 'customer_muted', evt_b: nine });
    await record([ofCustomer('c', 'cus_a')]);
    expect(Object.keys(await held())).toEqual(['evt_a', 'evt_b']);
    await settings.unmute({ channelId, accountId: 'acct_demo' }, 'cus_a', actor);
    await record([ofCustomer('d', 'cus_a')]);
    expect(await held()).toMatchObject({ evt_a: 'customer_muted', evt_d: nine });
  });

  test('a pause does not affect them', async () => {
    const { record, settings, version, held } = await setup();
    await record([eventOf('a')]);
    await settings.pause(channelId, 'until_resumed', actor);
    await record([eventOf('b')]);
    await settings.changeRules(channelId, await version(), later, actor);
    expect(await held()).toEqual({ evt_a: eleven });
  });

  test('saving rules that somebody else has changed changes nothing, and returns the others', async () => {
    const { settings, version, changes } = await setup();
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

  test('disconnecting drops them, and deletes the webhook, the account and the mutes', async () => {
    const { record, settings, held, channels, clock } = await setup();
    await record([eventOf('a'), { ...eventOf('b'), risk_level: 'critical' }]);
    await settings.mute(
      { channelId, accountId: 'acct_demo' },
      { id: 'x', name: 'X' },
      new Date(clock.now().getTime() + 1000),
      actor,
    );
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

test('an event that was decided by outdated rules is stored and follows the present ones', async () => {
  // The recorder read the channel; then the rules changed, and everything held was reevaluated.
  let changeNow: () => Promise<unknown> = async () => {};
  const { record, settings, version, held } = await setup((real) => ({
    async listForDecisions(...which) {
      const read = await real.listForDecisions(...which);
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

test('a repeated event is not sent to a channel that was disconnected and reconnected since', async () => {
  const { record, settings, channels, held, clock } = await setup();
  await record([eventOf('a')]);
  await database.db.collection('deliveries').deleteMany({});
  await settings.disconnect(channelId, actor);
  await clock.advance(hourMs);
  await channels.connect(
    connectionOf({ webhookUrl: 'https://hooks.slack.com/services/T1/B2/x', connectedBy: 'U2' }),
    clock.now(),
  );
  expect(await record([eventOf('a')])).toMatchObject({ receipts: ['duplicate'], tenancies: [] });
  expect(await held()).toEqual({});
  expect(await channels.find(channelId)).toMatchObject({ rules: night, managers: ['U2'], expiresAt: null });
});
