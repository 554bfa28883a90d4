import { describe, expect, test } from 'vitest';
import { toChange } from '../../src/channels/outbox-relay.ts';
import { dayMs, minuteMs } from '../../src/lib/time.ts';
import { eventOf } from '../support/named-events.ts';
import { setupDatabase } from '../support/setup-database.ts';
import {
  actor,
  channelId,
  eleven,
  later,
  nine,
  ofCustomer,
  setupQuietChannel,
} from '../support/setup-quiet-channel.ts';

const database = setupDatabase();
const setup = () => setupQuietChannel(database.db);
const channel = { _id: channelId, accountId: 'acct_demo' };

describe('a process that dies between two writes', () => {
  test('rules changed, nothing reevaluated: recovery does it', async () => {
    const { record, channels, version, recover, held, scheduled } = await setup();
    await record([eventOf('a')]);
    await channels.changeSettings(channel, await version(), { rules: later });
    expect(await held()).toEqual({ evt_a: nine });
    await recover();
    expect(await held()).toEqual({ evt_a: eleven });
    expect(scheduled.openings).toContainEqual(eleven);
    expect(await channels.listNeedingReevaluation()).toEqual([]);
  });

  test('a customer muted, nothing reevaluated: recovery does it, and publishes the mute once', async () => {
    const { record, channels, mutes, muting, recover, held, clock } = await setup();
    await record([ofCustomer('a', 'cus_a'), ofCustomer('b', 'cus_b')]);
    const [at, until] = [clock.now(), nine];
    const found = await channels.find(channelId);
    if (found === undefined) throw new Error('the channel is gone');
    const mute = { channelId, accountId: 'acct_demo', customerId: 'cus_a', customerName: 'A', until };
    const change = toChange(found, { action: 'customer_muted', actor, at });
    await mutes.save({ ...mute, mutedBy: 'U1', createdAt: at }, change);
    await muting.recover();
    await muting.recover();
    await recover();
    expect(await held()).toEqual({ evt_a: 'customer_muted', evt_b: nine });
    const audited = await database.db.collection('audit').find({ action: 'customer_muted' }).toArray();
    expect(audited).toHaveLength(1);
  });

  test('disconnected, and waiting deliveries not dropped: recovery drops them', async () => {
    const { record, channels, recover, held, clock } = await setup();
    await record([eventOf('a'), { ...eventOf('b'), risk_level: 'critical' }]);
    const expiresAt = new Date(nine.getTime() + dayMs);
    await channels.disconnect(channel, { now: clock.now(), expiresAt });
    await clock.advance(nine.getTime() - clock.now().getTime());
    await recover();
    expect(await held()).toEqual({ evt_a: 'disconnected', evt_b: 'disconnected' });
  });

  test('held, and the opening not planned: the recovery before it plans it', async () => {
    const { record, recover, clock, scheduled } = await setup();
    await record([eventOf('a')]);
    await recover();
    expect(scheduled.openings).toEqual([]);
    await clock.advance(nine.getTime() - clock.now().getTime() - minuteMs);
    await recover();
    expect(scheduled.openings).toEqual([nine]);
    await clock.advance(minuteMs);
    await recover();
    expect(scheduled.channelIds).toEqual([channelId]);
  });
});
