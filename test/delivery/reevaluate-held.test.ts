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

describe('what is held follows the rules', () => {
  test('it moves to the new opening, which is planned', async () => {
    const { record, settings, version, held, scheduled } = await setup();
    expect(await record([eventOf('a'), eventOf('b')])).toMatchObject({ tenancies: [], openings: [nine] });
    expect(await settings.changeRules(channelId, await version(), later, actor)).toMatchObject({
      kind: 'saved',
    });
    expect(await held()).toEqual({ evt_a: eleven, evt_b: eleven });
    expect(scheduled.openings).toContainEqual(eleven);
  });

  test('more than a page of it', async () => {
    const { record, settings, version, held } = await setup();
    await record(Array.from({ length: 520 }, (_, index) => eventOf(`e${index}`)));
    await settings.changeRules(channelId, await version(), later, actor);
    expect(new Set(Object.values(await held()).map(String))).toEqual(new Set([String(eleven)]));
  });

  test('with quiet hours off it is due now, and its channel is served', async () => {
    const { record, settings, version, held, scheduled, clock } = await setup();
    await record([eventOf('a')]);
    await settings.changeRules(channelId, await version(), defaultRules, actor);
    expect(await held()).toEqual({ evt_a: clock.now() });
    expect(scheduled.channelIds).toEqual([channelId]);
  });

  test('what the new rules keep back is dropped, and so is what would now be discarded', async () => {
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

  test('a customer who is muted leaves the next digest, and comes back by hand only', async () => {
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

  test('a pause changes nothing for what is held already', async () => {
    const { record, settings, version, held } = await setup();
    await record([eventOf('a')]);
    await settings.pause(channelId, 'until_resumed', actor);
    await record([eventOf('b')]);
    await settings.changeRules(channelId, await version(), later, actor);
    expect(await held()).toEqual({ evt_a: eleven });
  });

  test('whoever saves rules that somebody else changed meanwhile changes nothing, and sees them', async () => {
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

  test('disconnected: what waits is dropped, the webhook, the account and the mutes are gone', async () => {
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

test('an event that was decided by rules that changed before it was written follows them all the same', async () => {
  // The recorder read the channel, and then the rules changed and all that was held was decided anew.
  let changeNow: () => Promise<unknown> = async () => {};
  const { record, settings, version, held } = await setup((real) => ({
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
