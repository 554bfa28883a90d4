import { describe, expect, test } from 'vitest';
import { toDeed } from '../../src/delivery/tell.ts';
import { givenDatabase } from '../support/given-database.ts';
import {
  actor,
  channelId,
  eleven,
  givenQuietChannel,
  later,
  nine,
  ofCustomer,
} from '../support/given-quiet-channel.ts';
import { eventOf } from '../support/named-events.ts';

const database = givenDatabase();
const given = () => givenQuietChannel(database.db);
const channel = { _id: channelId, accountId: 'acct_demo' };

describe('a process that dies between two lines', () => {
  test('rules changed, nothing decided anew: the sweep does it', async () => {
    const { record, channels, version, sweep, held, followed } = await given();
    await record([eventOf('a')]);
    await channels.changeSettings(channel, await version(), { rules: later });
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
    const found = await channels.find(channelId);
    if (found === undefined) throw new Error('the channel is gone');
    const mute = { channelId, accountId: 'acct_demo', customerId: 'cus_a', customerName: 'A', until };
    const deed = toDeed(found, { action: 'customer_muted', actor, at });
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
    const expiresAt = new Date(nine.getTime() + 86_400_000);
    await channels.disconnect(channel, { now: clock.now(), expiresAt });
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

  test('a step of the sweep that fails keeps none of the others from its turn, and all errors are told', async () => {
    const { record, sweepWith, clock, followed } = await given();
    await record([eventOf('a')]);
    await clock.advance(nine.getTime() - clock.now().getTime() - 60_000);
    const [mend, resume] = ['mend', 'resume'].map((name) => new Error(name));
    const sweep = sweepWith({
      mend: () => Promise.reject(mend),
      mover: { resume: () => Promise.reject(resume) },
    });
    await expect(sweep()).rejects.toMatchObject({ errors: [mend, resume] });
    expect(followed.openings).toEqual([nine]);
  });
});
