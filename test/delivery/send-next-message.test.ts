import { Collection } from 'mongodb';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { later } from '../../src/lib/clock.ts';
import { dayMs } from '../../src/lib/time.ts';
import type { DeliveryStore } from '../../src/store/deliveries/store.ts';
import { connectionOf } from '../support/connection-of.ts';
import { eventOf } from '../support/named-events.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { fault, setupSender } from '../support/setup-sender.ts';

const database = setupDatabase();
const setup = (
  answers: (WebhookAnswer | Promise<WebhookAnswer>)[],
  change?: (deliveries: DeliveryStore) => Partial<DeliveryStore>,
) => setupSender(database.db, answers, change);

describe('sending', () => {
  test('a message that waited for a slot is not sent if the lease has ended meanwhile', async () => {
    let answer = (_: WebhookAnswer) => {};
    const slow = new Promise<WebhookAnswer>((resolve) => {
      answer = resolve;
    });
    let looked = 0;
    const { post, sendNextMessage, find, posts, loseLease } = await setup([slow], (real) => ({
      async listWaiting(...args) {
        const waiting = await real.listWaiting(...args);
        looked += 1;
        return waiting;
      },
    }));
    await post('a');
    const first = sendNextMessage();
    await expect.poll(() => posts).toHaveLength(1);
    const second = sendNextMessage();
    await expect.poll(() => looked).toBe(2);
    loseLease();
    answer(fault);
    await first;
    expect(await second).toEqual({ kind: 'idle' });
    expect(posts).toHaveLength(1);
    expect(await find('a')).toMatchObject({ state: 'pending', attempts: 1 });
  });

  test('a channel that broke is read again before the next message', async () => {
    const gone = { kind: 'answered', status: 404, headers: {}, body: 'channel_not_found' } as const;
    const { post, sendNextMessage, readLease } = await setup([gone]);
    await post('a');
    const lease = await readLease();
    const invalidate = vi.spyOn(lease, 'invalidate');
    expect(await sendNextMessage(lease)).toEqual({ kind: 'idle' });
    expect(invalidate).toHaveBeenCalledOnce();
  });

  test('what the old webhook answers after a reconnection does not break the new one', async () => {
    let answer = (_: WebhookAnswer) => {};
    const slow = new Promise<WebhookAnswer>((resolve) => {
      answer = resolve;
    });
    const { post, sendNextMessage, readLease, posts, channels, channelId, clock } = await setup([slow]);
    await post('a');
    const lease = await readLease();
    const sending = sendNextMessage(lease);
    await expect.poll(() => posts).toHaveLength(1);
    await clock.advance(1000);
    await channels.connect(connectionOf(), clock.now());
    lease.channel = (await readLease()).channel;
    answer({ kind: 'answered', status: 404, headers: {}, body: 'no_service' });
    await sending;
    expect(await channels.find(channelId)).toMatchObject({ status: 'active' });
  });

  test('a message that waited for a slot is not sent if its customer has been muted meanwhile', async () => {
    const { record, sendNextMessage, readLease, find, posts, clock, channels, channelId, mutes } =
      await setup([]);
    await record([eventOf('a')]);
    const lease = await readLease();
    // The channel is read again when its slot came late.
    lease.refresh = async () => {
      await mutes.save({
        channelId,
        accountId: 'acct_demo',
        customerId: 'cus_a',
        customerName: 'A',
        until: later(clock, 86_400_000),
        mutedBy: 'U1',
        createdAt: clock.now(),
      });
      await channels.markForReevaluation(channelId);
      lease.channel = (await channels.findSendable(channelId)) ?? lease.channel;
      return true;
    };
    expect(await sendNextMessage(lease)).toEqual({ kind: 'waiting', until: clock.now() });
    await sendNextMessage(lease);
    expect(posts).toEqual([]);
    expect(await find('evt_a')).toMatchObject({ state: 'dropped' });
  });

  test('what Slack accepted is not sent again if the database did not store that', async () => {
    let faults = 2;
    const { post, sendNextMessage, find, posts } = await setup([], (real) => ({
      send: (...args) =>
        faults-- > 0 ? Promise.reject(new Error('the database is away')) : real.send(...args),
    }));
    await post('a');
    await expect(sendNextMessage()).rejects.toThrow('the database is away');
    await expect(sendNextMessage()).rejects.toThrow('the database is away');
    expect(await sendNextMessage()).toEqual({ kind: 'idle' });
    expect(posts).toHaveLength(1);
    expect(await find('a')).toMatchObject({ state: 'sent' });
  });

  test('a digest that Slack refuses, even as plain text, fails', async () => {
    const refused: WebhookAnswer = {
      kind: 'answered',
      status: 400,
      body: 'invalid_blocks',
      headers: {},
    };
    const { clock, startQuietHours, post, sendNextMessage, find } = await setup([refused, refused]);
    const untilOpening = await startQuietHours();
    await post('a');
    await clock.advance(untilOpening);
    await sendNextMessage();
    await sendNextMessage();
    expect(await find('a')).toMatchObject({ state: 'failed' });
  });

  test('without the lease nothing is posted', async () => {
    const { post, sendNextMessage, posts, loseLease, find } = await setup([]);
    await post('a');
    loseLease();
    expect(await sendNextMessage()).toEqual({ kind: 'idle' });
    expect(posts).toEqual([]);
    expect(await find('a')).toMatchObject({ state: 'pending', attempts: 0 });
  });

  test('what does not fit in one message is left for the next', async () => {
    const { post, sendNextMessage, posts } = await setup([]);
    for (let index = 0; index < 25; index++) await post(`e${index}`);
    expect(await sendNextMessage()).toMatchObject({ kind: 'posted', more: true });
    expect(await sendNextMessage()).toMatchObject({ kind: 'posted', more: false });
    expect(posts).toEqual([19, 6]);
    expect(await sendNextMessage()).toEqual({ kind: 'idle' });
  });

  test.each([
    [29, 'event_missing'],
    [30, 'event_expired'],
  ])(
    'a delivery without its event fails, after %i days as %s, and the others are sent',
    async (days, lastError) => {
      const { post, sendNextMessage, find, clock } = await setup([]);
      await post('gone');
      await clock.advance(days * dayMs);
      await post('a');
      await database.db.collection('events').deleteOne({ eventId: 'gone' });
      await sendNextMessage();
      await sendNextMessage();
      const failed = database.db.collection('deliveries').findOne({ state: 'failed' });
      expect(await failed).toMatchObject({ eventKey: JSON.stringify(['acct_demo', 'gone']), lastError });
      expect(await find('a')).toMatchObject({ state: 'sent' });
    },
  );

  test('an alert is sent even if a query misses its event once', async () => {
    const { post, sendNextMessage, find } = await setup([]);
    await post('a');
    const { find: findInDatabase } = Collection.prototype;
    onTestFinished(() => void vi.restoreAllMocks());
    let misses = 1;
    vi.spyOn(Collection.prototype, 'find').mockImplementation(function (this: Collection, ...args) {
      const isMissed = this.collectionName === 'events' && misses-- > 0;
      return isMissed ? findInDatabase.call(this, { _id: { $in: [] } }) : findInDatabase.apply(this, args);
    });
    await sendNextMessage();
    expect(misses).toBeLessThan(1);
    expect(await find('a')).toMatchObject({ state: 'sent' });
  });
});
