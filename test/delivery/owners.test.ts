import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { createOwnerMentions } from '../../src/delivery/owner-mentions.ts';
import { createOwnerWatch } from '../../src/delivery/owner-watch.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { hourMs } from '../../src/lib/time.ts';
import type { SendableChannel } from '../../src/store/channels/document.ts';
import type { OwnerUser } from '../../src/store/owner-users.ts';
import type { SeenOwner } from '../../src/store/owners.ts';
import { deliveryOf } from '../support/delivery-of.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { sampleEvent } from '../support/sample-events.ts';

const seed = sampleEvent('seed-example');

function owned(id: string, name = id, more: Partial<PerlyEvent> = {}): PerlyEvent {
  return { ...seed, id: `evt_${id}`, customer: { ...seed.customer, owner: { id, name } }, ...more };
}

describe('recording the owners in events', () => {
  function setup() {
    const clock = createFakeClock();
    const saved: string[][] = [];
    let failures = 0;
    const watch = createOwnerWatch({
      owners: {
        async save(seen: readonly SeenOwner[]) {
          if (failures > 0) {
            failures -= 1;
            throw new Error('the database is away');
          }
          saved.push(seen.map(({ accountId, id, name }) => `${accountId} ${id} ${name}`));
        },
      },
      clock,
      logger: pino({ level: 'silent' }),
    });
    return { watch, saved, clock, fail: (times: number) => (failures = times) };
  }

  test('takes one command for each owner and hour, and one for many', async () => {
    const { watch, saved, clock } = setup();
    watch.record([owned('ana'), owned('ben'), owned('ana'), seed]);
    await watch.idle();
    for (let again = 0; again < 100; again++) watch.record([owned('ana'), owned('ben')]);
    await watch.idle();
    expect(saved).toEqual([['acct_demo ana ana', 'acct_demo ben ben']]);
    watch.record([owned('ana', 'Ana')]);
    await watch.idle();
    expect(saved).toHaveLength(2);
    await clock.advance(hourMs);
    watch.record([owned('ana', 'Ana')]);
    await watch.idle();
    expect(saved.slice(1)).toEqual([['acct_demo ana Ana'], ['acct_demo ana Ana']]);
  });

  test('is done by the next event where it failed', async () => {
    const { watch, saved, fail } = setup();
    fail(1);
    watch.record([owned('ana')]);
    await watch.idle();
    expect(saved).toEqual([]);
    watch.record([owned('ana')]);
    await watch.idle();
    expect(saved).toEqual([['acct_demo ana ana']]);
  });

  test('does not use up the limit of an account while it fails', async () => {
    const { watch, saved, fail } = setup();
    fail(3000);
    for (let index = 0; index < 3000; index++) {
      watch.record([owned('ana')]);
      await watch.idle();
    }
    watch.record([owned('ana')]);
    await watch.idle();
    expect(saved).toEqual([['acct_demo ana ana']]);
  });

  test('goes on for all accounts if they have more owners than are remembered', async () => {
    const { watch, saved } = setup();
    const seeAll = async (): Promise<number> => {
      const before = saved.flat().length;
      for (let account = 0; account < 30; account++)
        for (let index = 0; index < 1000; index++)
          watch.record([owned(`own_${index}`, 'Name', { account_id: `acct_${account}` })]);
      await watch.idle();
      return saved.flat().length - before;
    };
    // Each account is forgotten before it comes again.
    for (let round = 0; round < 4; round++) expect(await seeAll()).toBe(30_000);
  });

  test('begins again for an account that was deleted, and for no other', async () => {
    const { watch, saved } = setup();
    const both = [owned('ana'), owned('ana', 'ana', { account_id: 'acct_demo_2' })];
    watch.record(both);
    await watch.idle();
    watch.forget('acct_demo');
    watch.record(both);
    await watch.idle();
    expect(saved).toEqual([['acct_demo ana ana', 'acct_demo_2 ana ana'], ['acct_demo ana ana']]);
  });

  test('ends at two thousand owners of an account in a day', async () => {
    const { watch, saved, clock } = setup();
    for (let index = 0; index < 3000; index++) watch.record([owned(`own_${index}`)]);
    watch.record([owned('other', 'other', { account_id: 'acct_other' })]);
    await watch.idle();
    expect(saved.flat()).toHaveLength(2001);
    await clock.advance(hourMs);
    watch.record([owned('own_1'), owned('own_2999'), owned('own_1', 'Another name')]);
    await watch.idle();
    expect(saved.flat().slice(2001)).toEqual(['acct_demo own_1 own_1']);
  });
});

describe('finding whom to mention', () => {
  function setup() {
    let lists = 0;
    let lookUps = 0;
    let reread: SendableChannel | undefined;
    const users = new Map([['ana', 'U0ANA00001']]);
    const findOf = createOwnerMentions({
      channels: { findSendable: async () => reread },
      ownerUsers: {
        async list(_place, limit) {
          lists += 1;
          return [...users].slice(0, limit).map(([id, userId]) => ({ id, name: id, userId }));
        },
        async listByIds(_place, ids) {
          lookUps += 1;
          return ids.flatMap((id): OwnerUser[] => {
            const userId = users.get(id);
            return userId === undefined ? [] : [{ id, name: id, userId }];
          });
        },
      },
    });
    const find = (place: Place, events: readonly PerlyEvent[], rulesEpoch = 1) =>
      findOf(
        place,
        events.map((event) => ({ event, delivery: deliveryOf(event.id, { rulesEpoch }) })),
      );
    return {
      find,
      users,
      lists: () => lists,
      lookUps: () => lookUps,
      reread: (now: SendableChannel) => (reread = now),
    };
  }
  type Place = Parameters<ReturnType<typeof createOwnerMentions>>[0];
  const channel = {
    id: 'T1:C1',
    accountId: 'acct_demo',
    rulesEpoch: 1,
    mentionOwner: 'always',
    ownersVersion: '1',
  } as const satisfies Place;
  const at = (level: PerlyEvent['risk_level']) => owned('ana', 'Ana', { risk_level: level });

  test('takes one command for a version of the users, and none without a mention', async () => {
    const { find, users, lists } = setup();
    await find({ ...channel, mentionOwner: 'never' }, [at('high')]);
    await find(channel, [seed]);
    await find({ ...channel, ownersVersion: undefined }, [at('high')]);
    expect(lists()).toBe(0);
    for (let again = 0; again < 10; again++)
      expect([...(await find(channel, [at('high')]))]).toEqual([['evt_ana', 'U0ANA00001']]);
    expect(lists()).toBe(1);
    users.clear();
    expect((await find({ ...channel, ownersVersion: '2' }, [at('high')])).size).toBe(0);
    expect(lists()).toBe(2);
  });

  test('keeps no more than ten thousand users of an account, and looks the others up', async () => {
    const { find, users, lists, lookUps } = setup();
    for (let index = 0; index < 10_000; index++) users.set(`own_${index}`, `U${index}`);
    for (let again = 0; again < 3; again++)
      expect([...(await find(channel, [at('high')]))]).toEqual([['evt_ana', 'U0ANA00001']]);
    expect([lists(), lookUps()]).toEqual([1, 3]);
  });

  test('forgets the users of other accounts where all are too many', async () => {
    const { find, users, lists } = setup();
    for (let index = 0; index < 9000; index++) users.set(`own_${index}`, `U${index}`);
    for (let account = 0; account < 12; account++) {
      await find({ ...channel, accountId: `acct_${account}` }, [at('high')]);
      await find({ ...channel, accountId: `acct_${account}` }, [at('high')]);
    }
    expect(lists()).toBe(12);
    await find({ ...channel, accountId: 'acct_0' }, [at('high')]);
    expect(lists()).toBe(13);
  });

  test('reads the channel again for an alert that was decided after a change', async () => {
    const { find, reread } = setup();
    const now = { ...channel, rulesEpoch: 2, webhookUrl: '', connectedAt: new Date() };
    reread({ ...now, mentionOwner: 'never' });
    expect((await find(channel, [at('high')], 2)).size).toBe(0);
    expect((await find(channel, [at('high')], 1)).size).toBe(1);
  });

  test.each([
    ['never', 'critical', 0],
    ['high_and_critical', 'medium', 0],
    ['high_and_critical', undefined, 0],
    ['high_and_critical', 'high', 1],
    ['high_and_critical', 'critical', 1],
    ['always', undefined, 1],
  ] as const)('with the rule %s and the level %s: %d', async (mentionOwner, level, count) => {
    const { find } = setup();
    expect((await find({ ...channel, mentionOwner }, [at(level)])).size).toBe(count);
  });
});
