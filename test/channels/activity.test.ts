import { beforeEach, describe, expect, test } from 'vitest';
import { openEmbeddedDatabase } from '../../packages/embedded-mongo/test/support/open-embedded-database.ts';
import { type ActivityPosition, type ActivityQuery, listActivity } from '../../src/channels/activity.ts';
import { listActivityLines } from '../../src/channels/activity-lines.ts';
import { createCustomerSearch } from '../../src/channels/customer-search.ts';
import type { SuppressReason } from '../../src/domain/decide.ts';
import { deliveryKey, reminderKey } from '../../src/store/deliveries/document.ts';
import { createDeliveryStore, type DeliveryStore } from '../../src/store/deliveries/store.ts';
import type { EventDocument } from '../../src/store/event-document.ts';
import { maxExamined } from '../../src/store/event-history.ts';
import { createEventStore, type EventStore, eventKey } from '../../src/store/events.ts';
import { ensureIndexes } from '../../src/store/indexes.ts';
import { deliveryOf } from '../support/delivery-of.ts';
import { eventOf } from '../support/named-events.ts';
import { setupDatabase } from '../support/setup-database.ts';

const database = setupDatabase();
const channel = { _id: 'T1:C1', accountId: 'acct_demo' };
const at = (minute: number) => new Date(Date.UTC(2096, 0, 1, 9, minute));

let stores: { events: EventStore; deliveries: DeliveryStore };
let sequence: number;
beforeEach(() => {
  stores = { events: createEventStore(database.db), deliveries: createDeliveryStore(database.db) };
  sequence = 0;
});

type Given = { customer?: string; account?: string; reason?: SuppressReason };

function made(id: string, { customer = id, account = 'acct_demo', reason }: Given = {}): EventDocument {
  sequence += 1;
  const decided = { channelId: channel._id, rulesEpoch: 1, servesSince: at(0) };
  return {
    _id: eventKey(account, id),
    accountId: account,
    eventId: id,
    digest: '',
    sequence,
    event: { ...eventOf(customer), id, account_id: account },
    decisions: [
      reason === undefined ? { ...decided, outcome: 'send' } : { ...decided, outcome: 'suppress', reason },
    ],
    receivedAt: at(0),
    expiresAt: at(59),
  };
}

async function suppressed(id: string, reason: SuppressReason, given: Given = {}): Promise<void> {
  await stores.events.insert([made(id, { ...given, reason })]);
}

async function delivered(
  id: string,
  rest: Parameters<typeof deliveryOf>[1],
  given: Given = {},
): Promise<void> {
  const event = made(id, given);
  const { _id: key, accountId } = event;
  await stores.events.insert([event]);
  await stores.deliveries.insert([
    deliveryOf(deliveryKey(key, channel._id), {
      eventKey: key,
      accountId,
      sequence: event.sequence,
      ref: id,
      ...rest,
    }),
  ]);
}

const sentAt = (minute: number) => ({ state: 'sent', finishedAt: at(minute) }) as const;

/** Of every page, in order. */
async function list(query: Omit<ActivityQuery, 'limit'> = {}, limit = 2): Promise<string[]> {
  const found: string[] = [];
  let after: ActivityPosition | undefined;
  do {
    const page = await listActivity(stores, channel, { ...query, limit, after });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    found.push(...page.items.map(({ event }) => event.id));
    after = page.next;
  } while (after !== undefined);
  return found;
}

describe('a channel’s activity', () => {
  beforeEach(async () => {
    await delivered('a', sentAt(1));
    await suppressed('b', 'paused', { customer: 'acme' });
    await delivered('c', { state: 'held', digest: 'quiet_hours' }, { customer: 'acme' });
    await delivered('d', { state: 'failed', finishedAt: at(4), lastError: 'http_500' });
    await delivered('e', { ...sentAt(9), digest: 'quiet_hours' }, { customer: 'acme' });
    await delivered('f', { state: 'pending' });
    await delivered('g', { ...sentAt(9), digest: 'quiet_hours' });
    await delivered('h', { ...sentAt(9), digest: 'quiet_hours' });
    await suppressed('i', 'event_type_off');
    await delivered('j', { state: 'dropped', lastError: 'customer_muted' }, { customer: 'acme' });
    await stores.deliveries.insert([
      deliveryOf('reminder', { state: 'dropped', sequence, reminder: { of: 'a', openMs: 1 } }),
    ]);
    // Of an account that the channel served before.
    await delivered('x', sentAt(9), { account: 'acct_other', customer: 'acme' });
    await suppressed('y', 'paused', { account: 'acct_other', customer: 'acme' });
    await delivered('z', { state: 'dropped', lastError: 'paused' }, { account: 'acct_other' });
    await suppressed('k', 'paused');
  });

  test('is all that came, page by page, latest first', async () => {
    expect(await list()).toEqual(['k', 'j', 'i', 'h', 'g', 'f', 'e', 'd', 'c', 'b', 'a']);
  });

  test.each([
    ['sent', ['e', 'g', 'h', 'a']],
    ['held', ['c']],
    ['suppressed', ['k', 'j', 'i', 'b']],
    ['failed', ['d']],
  ] as const)('can be only what was %s', async (outcome, expected) => {
    const found = await list({ outcome });
    // The deliveries of a digest end together, in no particular order.
    expect(found.toSorted()).toEqual(expected.toSorted());
    expect(found.at(-1)).toBe(expected.at(-1));
  });

  test.each([
    [{ state: 'pending' }, null],
    [{ state: 'failed', lastError: 'invalid_blocks', finishedAt: at(8) }, null],
    [sentAt(8), at(8)],
  ] as const)('names a reminder once Slack has accepted it: %j', async (reminder, expected) => {
    await delivered('reminded', { ...sentAt(1), remindedAt: at(7) });
    const key = reminderKey(eventKey('acct_demo', 'reminded'), channel._id);
    await stores.deliveries.insert([
      deliveryOf(key, { ...reminder, reminder: { of: 'reminded', openMs: 1 } }),
    ]);
    const { items } = await listActivity(stores, channel, { limit: 1 });
    expect(items).toMatchObject([{ event: { id: 'reminded' }, remindedAt: expected }]);
  });

  test('can be about one customer, also with one outcome', async () => {
    const customerId = 'cus_acme';
    expect(await list({ customerId }, 1)).toEqual(['j', 'e', 'c', 'b']);
    expect(await list({ customerId, outcome: 'sent' }, 1)).toEqual(['e']);
    expect(await list({ customerId, outcome: 'suppressed' }, 1)).toEqual(['j', 'b']);
    expect(await list({ customerId: 'cus_nobody' })).toEqual([]);
  });

  test('says what belongs to a digest', async () => {
    const { items } = await listActivity(stores, channel, { limit: 10 });
    const inDigest = items.filter((item) => item.inDigest).map(({ event }) => event.id);
    expect(inDigest).toEqual(['h', 'g', 'e', 'c']);
  });

  test('of a channel that waits for an account is empty', async () => {
    expect(await listActivity(stores, { ...channel, accountId: null }, { limit: 10 })).toEqual({
      items: [],
      next: undefined,
    });
  });
});

test('a run of the same reason is one line, however long', async () => {
  await suppressed('z', 'event_type_off');
  await delivered('a', sentAt(1));
  await stores.events.insert(
    Array.from({ length: 230 }, (_, index) => made(`r${index}`, { reason: 'event_type_off' })),
  );
  await suppressed('b', 'paused');
  const { lines, next } = await listActivityLines((query) => listActivity(stores, channel, query), {});
  expect(lines.map((line) => [line[0].event.id, line.length])).toEqual([
    ['b', 1],
    ['r229', 230],
    ['a', 1],
    ['z', 1],
  ]);
  expect(next).toBeUndefined();
});

test('a page has 25 lines, and the next one goes on after them', async () => {
  await stores.events.insert(
    Array.from({ length: 60 }, (_, index) =>
      made(`e${index}`, { reason: index % 2 === 0 ? 'paused' : 'event_type_off' }),
    ),
  );
  const listed: string[] = [];
  const counts: number[] = [];
  let after: ActivityPosition | undefined;
  do {
    const { lines, next } = await listActivityLines((query) => listActivity(stores, channel, query), {
      after,
    });
    listed.push(...lines.flat().map(({ event }) => event.id));
    counts.push(lines.length);
    after = next;
  } while (after !== undefined);
  expect(counts).toEqual([25, 25, 10]);
  expect(listed).toEqual(Array.from({ length: 60 }, (_, index) => `e${59 - index}`));
});

test('rare events are searched for in pieces of a bounded size', async () => {
  await suppressed('rare', 'paused');
  await delivered('rarer', { state: 'dropped', lastError: 'customer_muted' });
  await stores.events.insert(Array.from({ length: maxExamined + 5 }, (_, index) => made(`e${index}`)));
  const query = { outcome: 'suppressed', limit: 10 } as const;
  const { items, next } = await listActivity(stores, channel, query);
  expect(items).toEqual([]);
  expect(next).toBe(8);
  const further = await listActivity(stores, channel, { ...query, after: next });
  expect(further.items.map(({ event }) => event.id)).toEqual(['rarer', 'rare']);
  expect(further.next).toBeUndefined();
});

describe('the search for a customer', () => {
  test('finds names by any part, those that start with it first, of one account only', async () => {
    for (const name of ['Vandelay', 'Delaware', 'Acme', 'Vandelay']) {
      const { _id, ...event } = made(`${name}${sequence}`, { customer: name });
      await stores.events.insert([{ _id, ...event }]);
    }
    await suppressed('x', 'paused', { account: 'acct_other', customer: 'Delta' });
    const { search } = createCustomerSearch(stores.events);
    const names = async (query: string) => (await search('acct_demo', query)).map(({ name }) => name);
    expect(await names('')).toEqual(['Vandelay', 'Acme', 'Delaware']);
    expect(await names('dEL')).toEqual(['Delaware', 'Vandelay']);
    expect(await names('cus_Acme')).toEqual(['Acme']);
    expect(await names('cus_Delta')).toEqual([]);
    expect(await names('Delta')).toEqual([]);
  });

  test('is not stuck on an error', async () => {
    const answers = [() => Promise.reject(new Error('away')), async () => [{ id: 'a', name: 'A' }]];
    const listCustomers = () => answers.shift()?.() ?? Promise.reject(new Error('asked again'));
    const { search } = createCustomerSearch({ listCustomers, findCustomer: async () => undefined });
    await expect(search('acct_demo', '')).rejects.toThrow('away');
    expect(await search('acct_demo', '')).toHaveLength(1);
    expect(await search('acct_demo', 'a')).toHaveLength(1);
  });
});

test('each query reads a part of an index, and no more documents than it lists', async () => {
  const embedded = await openEmbeddedDatabase();
  try {
    const { db } = embedded;
    await ensureIndexes(db);
    const events = createEventStore(db);
    const deliveries = createDeliveryStore(db);
    const all = Array.from({ length: 300 }, (_, index) =>
      made(`e${index}`, { customer: `c${index % 3}`, account: index % 2 === 0 ? 'acct_demo' : 'acct_other' }),
    );
    await events.insert(all);
    await deliveries.insert(
      all.map(({ _id, accountId, sequence: place }, index) =>
        deliveryOf(_id, {
          accountId,
          ref: `r${index}`,
          sequence: place,
          ...(index % 4 < 2
            ? sentAt(index % 50)
            : { state: index % 8 < 4 ? ('held' as const) : ('dropped' as const) }),
        }),
      ),
    );
    const own = { accountId: 'acct_demo' };
    const tenancy = { channelId: channel._id, ...own };
    const explain = async (find: string, filter: object, sort: object) => {
      const { queryPlanner, executionStats } = await db.command({
        explain: { find, filter, sort, limit: 5 },
      });
      return [
        queryPlanner.winningPlan.indexName,
        queryPlanner.winningPlan.sortedInMemory,
        executionStats.totalDocsExamined,
      ];
    };
    const bySequence = { sequence: -1 };
    const before = { sequence: { $lt: 1e9 } };
    expect(await explain('events', { ...own, ...before }, bySequence)).toEqual(['account', false, 5]);
    expect(await explain('events', { ...own, 'event.customer.id': 'cus_c1', ...before }, bySequence)).toEqual(
      ['customer', false, 5],
    );
    expect(
      await explain(
        'deliveries',
        { state: 'sent', ...tenancy, finishedAt: { $lte: at(59) } },
        { finishedAt: -1 },
      ),
    ).toEqual(['sent_of_account', false, 5]);
    expect(await explain('deliveries', { state: 'held', ...tenancy, ...before }, bySequence)).toEqual([
      'held_by_sequence_of_account',
      false,
      5,
    ]);
    const dropped = { state: 'dropped', ...tenancy, reminder: { $exists: false }, ...before };
    expect(await explain('deliveries', dropped, bySequence)).toEqual([
      'dropped_by_sequence_of_account',
      false,
      5,
    ]);
  } finally {
    await embedded.close();
  }
});
