import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lease } from '../../src/delivery/lease-manager.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { eventTypes } from '../../src/domain/vocabulary.ts';
import { dayMs, minuteMs } from '../../src/lib/time.ts';
import { createChannelHealthStore } from '../../src/store/channels/health.ts';
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
  setupQuietChannel,
} from '../support/setup-quiet-channel.ts';
import { fault, lost, ok, setupSender } from '../support/setup-sender.ts';
import { changeRules, shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

const database = setupDatabase();
const tenancy = { channelId, accountId: 'acct_demo' };
const allButDrops = eventTypes.filter((type) => type !== 'health_score_drop');

describe('what a broken channel holds follows the rules', () => {
  /** Broken since the afternoon, with two held alerts. */
  async function setup() {
    const fixture = await setupQuietChannel(database.db);
    const { record, settings, version, channels } = fixture;
    await settings.changeRules(channelId, await version(), defaultRules, actor);
    const connectedAt = (await channels.find(channelId))?.connectedAt ?? new Date(0);
    const read = { id: channelId, accountId: 'acct_demo', connectedAt };
    const why = { reason: 'The channel was archived.', retryAt: null };
    await createChannelHealthStore(database.db).markBroken(read, why, fixture.clock.now());
    await record([eventOf('a'), { ...eventOf('b'), risk_level: 'critical' }]);
    return { ...fixture, afternoon: fixture.clock.now() };
  }

  test('a muted customer leaves it, even with a critical alert', async () => {
    const { settings, held, clock, afternoon } = await setup();
    const until = new Date(clock.now().getTime() + dayMs);
    await settings.mute(tenancy, { id: 'cus_b', name: 'B' }, until, actor);
    expect(await held()).toEqual({ evt_a: afternoon, evt_b: 'customer_muted' });
  });

  test('so does an event type that is switched off', async () => {
    const { settings, version, held } = await setup();
    const rules = { ...defaultRules, eventTypes: allButDrops };
    await settings.changeRules(channelId, await version(), rules, actor);
    expect(await held()).toEqual({ evt_a: 'event_type_off', evt_b: 'event_type_off' });
  });

  test('quiet hours do not change what arrived before them, but the opening of what arrived later', async () => {
    const { record, settings, version, held, clock, afternoon } = await setup();
    await clock.advance(minuteMs);
    await settings.changeRules(channelId, await version(), night, actor);
    await record([eventOf('c')]);
    expect(await held()).toEqual({ evt_a: afternoon, evt_b: afternoon, evt_c: nine });
    await settings.changeRules(channelId, await version(), later, actor);
    expect(await held()).toEqual({ evt_a: afternoon, evt_b: afternoon, evt_c: eleven });
    const discarding = { ...night, timing: { ...hours, outside: 'discard' } } as const;
    await settings.changeRules(channelId, await version(), discarding, actor);
    expect(await held()).toEqual({ evt_a: afternoon, evt_b: afternoon, evt_c: 'quiet_hours' });
  });

  test('more than a page of it', async () => {
    const { record, settings, held, clock } = await setup();
    await record(Array.from({ length: 1020 }, (_, index) => ({ ...eventOf('x'), id: `evt_x${index}` })));
    const until = new Date(clock.now().getTime() + dayMs);
    await settings.mute(tenancy, { id: 'cus_x', name: 'X' }, until, actor);
    const states = Object.values(await held());
    expect(states.filter((state) => state === 'customer_muted')).toHaveLength(1020);
  });
});

describe('what waits for a retry follows the rules', () => {
  async function setup(answers: (WebhookAnswer | Promise<WebhookAnswer>)[]) {
    const fixture = await setupSender(database.db, answers);
    const { channels, mutes, clock } = fixture;
    return {
      ...fixture,
      send: async (lease?: Lease) => fixture.sendNextMessage(lease ?? (await fixture.readLease())),
      async mute(customerId: string) {
        const until = new Date(clock.now().getTime() + dayMs);
        const by = { mutedBy: 'U1', createdAt: clock.now() };
        await mutes.save({ ...tenancy, customerId, customerName: customerId, until, ...by });
        await channels.markForReevaluation(channelId);
      },
      async switchOff() {
        const channel = await channels.find(channelId);
        if (channel === undefined) throw new Error('the channel is gone');
        const rules = { ...defaultRules, eventTypes: allButDrops };
        await channels.changeSettings(channel, channel.version, { rules });
      },
    };
  }
  const reasonOf = async (name: string) =>
    (await database.db.collection('deliveries').findOne({ eventKey: JSON.stringify(['acct_demo', name]) }))
      ?.lastError;

  test.each([
    ['a refusal', fault],
    ['a lost answer', lost],
  ])('after %s: a muted customer is not in the next message, others are', async (_, answer) => {
    const { record, send, mute, find, clock, posts } = await setup([answer]);
    await record([eventOf('a'), eventOf('b')]);
    await send();
    await mute('cus_a');
    await clock.advance(2000);
    await send();
    await send();
    expect(posts).toEqual([2, 1]);
    expect(await find('evt_a')).toMatchObject({ state: 'dropped' });
    expect(await reasonOf('evt_a')).toBe('customer_muted');
    expect(await find('evt_b')).toMatchObject({ state: 'sent' });
  });

  test('it leaves the queue as soon as its channel is served, however far its retry is', async () => {
    const { record, send, switchOff, find, clock, posts } = await setup([fault]);
    await record([eventOf('a')]);
    await send();
    await switchOff();
    const before = clock.now();
    for (let sends = 0; sends < 3; sends++) await send();
    expect(clock.now()).toEqual(before);
    expect(await find('evt_a')).toMatchObject({ state: 'dropped' });
    expect(posts).toHaveLength(1);
  });

  test('even while Slack asks to wait', async () => {
    const answer = { kind: 'answered', status: 429, body: '', headers: { 'retry-after': '30' } } as const;
    const { record, send, mute, find, clock, posts } = await setup([answer]);
    await record([eventOf('a')]);
    await send();
    await mute('cus_a');
    await clock.advance(30_000);
    for (let sends = 0; sends < 3; sends++) await send();
    expect(posts).toHaveLength(1);
    expect(await find('evt_a')).toMatchObject({ state: 'dropped' });
  });

  test('quiet hours do not affect it', async () => {
    const { record, send, startQuietHours, find, clock } = await setup([fault]);
    await record([eventOf('a')]);
    await send();
    await startQuietHours();
    await clock.advance(2000);
    await send();
    await send();
    expect(await find('evt_a')).toMatchObject({ state: 'sent' });
  });

  test('an alert that is being sent while its customer is muted becomes what Slack says', async () => {
    let answer = (_: WebhookAnswer) => {};
    const slow = new Promise<WebhookAnswer>((resolve) => {
      answer = resolve;
    });
    const { record, send, mute, find, posts } = await setup([slow]);
    await record([eventOf('a')]);
    const under = send();
    await expect.poll(() => posts).toHaveLength(1);
    await mute('cus_a');
    answer(ok);
    await under;
    expect(await find('evt_a')).toMatchObject({ state: 'sent' });
  });

  test('deliveries beyond the first page follow them too', async () => {
    const { record, send, mute, posts, clock } = await setup([fault]);
    await record(Array.from({ length: 30 }, (_, index) => eventOf(`n${index}`)));
    await send();
    await mute('cus_n25');
    await clock.advance(2000);
    for (let sends = 0; sends < 4; sends++) {
      await send();
      await clock.advance(1000);
    }
    expect(posts.slice(1).reduce((sum, count) => sum + count, 0)).toBe(29);
    expect(await reasonOf('evt_n25')).toBe('customer_muted');
  });

  test('an alert that was recorded by outdated rules is not sent by them', async () => {
    const { record, send, switchOff, find, posts, readLease } = await setup([]);
    await record([eventOf('a')]);
    await switchOff();
    const lease = await readLease();
    for (let sends = 0; sends < 2; sends++) await send(lease);
    expect(posts).toEqual([]);
    expect(await find('evt_a')).toMatchObject({ state: 'dropped' });
  });

  test('an event that expired is given up', async () => {
    const { record, send, switchOff, find, posts } = await setup([]);
    await record([eventOf('a')]);
    await switchOff();
    await database.db.collection('events').deleteMany({});
    for (let sends = 0; sends < 3; sends++) await send();
    expect(posts).toEqual([]);
    expect(await find('evt_a')).toMatchObject({ state: 'failed' });
  });
});

describe('in the app', () => {
  let running: TestApp;
  beforeAll(async () => {
    running = await startTestApp({ paceMs: shortPaceMs });
    await running.seedChannel('#customer-health', 'acct_demo');
  });
  afterAll(() => running.close());

  test('a type that is switched off while its alert waits for a retry: nothing waits afterwards', async () => {
    const { db, slack, perly } = running;
    const armed = slack.failWebhook('#customer-health', { status: 503 });
    await perly.post(eventOf('One'));
    const delivery = () => db.collection('deliveries').findOne();
    await expect.poll(async () => (await delivery())?.attempts).toBeGreaterThan(0);
    await changeRules(running, { eventTypes: allButDrops });
    await expect.poll(async () => (await delivery())?.state).toBe('dropped');
    armed.release();
    expect(await delivery()).toMatchObject({ lastError: 'event_type_off' });
  });
});
