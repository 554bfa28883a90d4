import { describe, expect, test } from 'vitest';
import { createDeliveryForwarder } from '../../src/channels/forward-deliveries.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { later } from '../../src/lib/clock.ts';
import { dayMs, minuteMs } from '../../src/lib/time.ts';
import { connectionOf } from '../support/connection-of.ts';
import { eventOf, setupRepeats } from '../support/setup-repeats.ts';

const setup = setupRepeats();

describe('an alert', () => {
  test('is no repeat of one of another account, or of the same account before the channel served another', async () => {
    const { post, change, channels, channelId, clock, record, documents } = await setup();
    await post('evt_1');
    const connect = (accountId: string) =>
      channels.connect(connectionOf({ accountId }), clock.now(), { byAccount: true });
    const disconnect = async (accountId: string) =>
      channels.disconnect(
        { _id: channelId, accountId },
        { now: clock.now(), expiresAt: later(clock, dayMs) },
      );
    await clock.advance(minuteMs);
    await disconnect('acct_demo');
    await connect('acct_other');
    await change({ repeatAfter: '7_days' });
    await record([eventOf('evt_2', { account_id: 'acct_other' })]);
    await clock.advance(minuteMs);
    await disconnect('acct_other');
    await connect('acct_demo');
    await change({ repeatAfter: '7_days' });
    await record([eventOf('evt_3')]);
    await record([eventOf('evt_4')]);
    const recorded = await documents.find({}, { sort: { sequence: 1 } }).toArray();
    expect(recorded.map(({ eventKey }) => JSON.parse(eventKey)[1])).toEqual(['evt_1', 'evt_2', 'evt_3']);
  });

  test('is no repeat of one in another channel, unless that one moved here', async () => {
    const { record, channels, deliveries, clock, channelId, documents } = await setup();
    await record([eventOf('evt_1')]);
    const { channel: other } = await channels.connect(
      connectionOf({ slackChannelId: 'C0OTHER', name: '#other' }),
      clock.now(),
    );
    await channels.changeSettings(other, other.version, { rules: { ...defaultRules, repeatAfter: '1_day' } });
    const forward = createDeliveryForwarder({
      deliveries,
      withSendingPaused: async (_id, work) => work(true, async () => true),
      scheduleNext: () => {},
      clock,
    });
    expect(await forward({ channelId, accountId: 'acct_demo' }, other._id)).toBe(true);
    await record([eventOf('evt_2')]);
    const moved = await documents.find({ channelId: other._id }).toArray();
    expect(moved.map(({ eventKey, state }) => [JSON.parse(eventKey)[1], state])).toEqual([
      ['evt_1', 'pending'],
    ]);
    // The one that moved away does not count any more.
    const left = await documents.find({ channelId }, { sort: { sequence: 1 } }).toArray();
    expect(left.map(({ state }) => state)).toEqual(['dropped', 'pending']);
  });
});
