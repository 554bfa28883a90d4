import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createChannelStore } from '../../src/store/channels.ts';
import { ensureIndexes } from '../../src/store/indexes.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { createLeaseStore } from '../../src/store/leases.ts';
import { openTestDatabase } from '../support/mongo.ts';

const keyring = createKeyring([Buffer.alloc(32, 1)]);
const id = 'T1:C1';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
  await ensureIndexes(database.db);
});
afterAll(() => database.close());

const process = (holder: string, ttlMs = 60_000) => createLeaseStore(database.db, keyring, { holder, ttlMs });
const channels = () => createChannelStore(database.db, keyring);

beforeEach(async () => {
  await database.db.collection('channels').deleteMany({});
  await connect('C1');
});

async function connect(slackChannelId: string, accountId: string | null = 'acct_demo') {
  const connection = {
    teamId: 'T1',
    teamName: 'Acme',
    slackChannelId,
    name: '#customer-health',
    accountId,
    webhookUrl: `https://hooks.slack.com/services/T1/B1/${slackChannelId}`,
    connectedBy: 'U1',
  };
  return channels().connect(connection, new Date());
}

describe('leases', () => {
  test('one process of many gets a lease, and with it the webhook', async () => {
    const processes = Array.from({ length: 20 }, (_, index) => process(`p${index}`));
    const taken = await Promise.all(processes.map((store) => store.take(id)));
    expect(taken.filter((lease) => lease !== undefined)).toEqual([
      { id, webhookUrl: 'https://hooks.slack.com/services/T1/B1/C1', connectedAt: expect.any(Date) },
    ]);
  });

  test('given back, it can be taken by another; before, only by its holder', async () => {
    expect(await process('p1').take(id)).toBeDefined();
    expect(await process('p1').take(id)).toBeDefined();
    expect(await process('p2').take(id)).toBeUndefined();
    expect(await process('p1').listFree([id])).toEqual([]);
    await process('p1').giveBack([id]);
    expect(await process('p1').listFree([id])).toEqual([id]);
    expect(await process('p2').take(id)).toBeDefined();
  });

  test('nobody gives back what another one has', async () => {
    await process('p1').take(id);
    await process('p2').giveBack([id]);
    expect(await process('p2').take(id)).toBeUndefined();
  });

  test('one that ended can be taken over, and its holder learns of it', async () => {
    await process('p1', 0).take(id);
    expect(await process('p2').listAbandoned()).toEqual([id]);
    expect(await process('p2').listFree([id])).toEqual([id]);
    expect(await process('p2').take(id)).toBeDefined();
    expect(await process('p2').listAbandoned()).toEqual([]);
    expect(await process('p1').renew([id])).toEqual(new Set());
    expect(await process('p1').take(id)).toBeUndefined();
  });

  test('renewed, it lasts on', async () => {
    await connect('C2');
    await process('p1', 0).take(id);
    await process('p1', 0).take('T1:C2');
    expect(await process('p1').renew([id, 'T1:C3'])).toEqual(new Set([id]));
    expect(await process('p2').listAbandoned()).toEqual(['T1:C2']);
  });

  test('a holder whose name looks like an operator is only a name', async () => {
    expect(await process('$$ROOT').take(id)).toBeDefined();
    const stored = await database.db.collection('channels').findOne({ 'lease.holder': '$$ROOT' });
    expect(stored).not.toBeNull();
  });

  test('a broken channel has none, and gets one when it is connected again', async () => {
    const lease = await process('p1').take(id);
    await channels().markBroken(id, lease?.connectedAt ?? new Date(0), 'The channel was archived.');
    await process('p1').giveBack([id]);
    expect(await process('p2').take(id)).toBeUndefined();
    await connect('C1');
    expect(await process('p2').take(id)).toBeDefined();
  });

  test('who saw the old webhook fail cannot break the channel that was connected anew', async () => {
    const lease = await process('p1').take(id);
    await connect('C1');
    await channels().markBroken(id, lease?.connectedAt ?? new Date(0), 'The channel was archived.');
    expect(await channels().listByIds([id])).toMatchObject([{ status: 'active' }]);
  });

  test('all can be ended by who is alone', async () => {
    await process('p1').take(id);
    await process('p2').endAll();
    expect(await process('p2').take(id)).toBeDefined();
  });
});
