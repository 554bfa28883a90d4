import { Collection, MongoBulkWriteError, MongoNetworkError } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../packages/embedded-mongo/test/support/open-test-database.ts';
import { createLeaseStore, deleteLeases } from '../../src/store/leases.ts';

const id = 'T1:C1';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.db.collection('leases').deleteMany({}));

const process = (holder: string, ttlMs = 60_000) => createLeaseStore(database.db, { holder, ttlMs });

describe('leases', () => {
  test('one of many processes gets a lease', async () => {
    const processes = Array.from({ length: 20 }, (_, index) => process(`p${index}`));
    const acquired = await Promise.all(processes.map((store) => store.acquire(id)));
    expect(acquired.filter((isOurs) => isOurs)).toHaveLength(1);
  });

  test('once released, another can acquire it; before, only its holder can', async () => {
    expect(await process('p1').acquire(id)).toBe(true);
    expect(await process('p1').acquire(id)).toBe(true);
    expect(await process('p2').acquire(id)).toBe(false);
    expect(await process('p1').listFree([id])).toEqual([]);
    await process('p1').release([id]);
    expect(await process('p1').listFree([id])).toEqual([id]);
    expect(await process('p2').acquire(id)).toBe(true);
  });

  test('its holder learns at the release whether another wanted it', async () => {
    await process('p1').acquire(id);
    expect(await process('p1').acquire(id)).toBe(true);
    expect(await process('p1').release([id])).toBe(false);
    await process('p1').acquire(id);
    expect(await process('p2').acquire(id)).toBe(false);
    expect(await process('p1').acquire(id)).toBe(true);
    expect(await process('p1').renew([id])).toEqual(new Set([id]));
    expect(await process('p1').release([id])).toBe(true);
    await process('p2').acquire(id);
    expect(await process('p2').release([id])).toBe(false);
  });

  test('of several released together, its holder learns which another wanted', async () => {
    const holder = process('p1');
    const ids = ['T1:C1', 'T1:C2', 'T1:C3'];
    await holder.acquireAll(ids);
    await process('p2').acquire('T1:C2');
    expect(await Promise.all(ids.map((each) => holder.release([each])))).toEqual([false, true, false]);
    expect(await process('p2').listFree(ids)).toEqual(ids);
  });

  test('one that was taken over after its expiry counts as wanted by nobody', async () => {
    await process('p1', 0).acquire(id);
    await process('p2').acquire(id);
    expect(await process('p2').release([id])).toBe(false);
  });

  test('its holder learns that another wanted it, however close the release', async () => {
    for (let round = 0; round < 50; round++) {
      const holder = process('holder');
      // Alone, or together with others that nobody wants.
      const others = round % 2 === 0 ? [] : ['T1:C2', 'T1:C3'];
      await holder.acquireAll([id, ...others]);
      const [isWanted, isTaken] = await Promise.all([
        holder.release([id]),
        process('other').acquire(id),
        ...others.map((other) => holder.release([other])),
      ]);
      if (!isTaken) expect({ round, isWanted }).toEqual({ round, isWanted: true });
      await process('other').release([id]);
    }
  });

  test('nobody releases the lease of another', async () => {
    await process('p1').acquire(id);
    await process('p2').release([id]);
    expect(await process('p2').acquire(id)).toBe(false);
  });

  test('an expired one can be taken over, and its holder learns of it', async () => {
    await process('p1', 0).acquire(id);
    expect(await process('p2').listAbandoned()).toEqual([id]);
    expect(await process('p2').listFree([id])).toEqual([id]);
    expect(await process('p2').acquire(id)).toBe(true);
    expect(await process('p2').listAbandoned()).toEqual([]);
    expect(await process('p1').renew([id])).toEqual(new Set());
    expect(await process('p1').acquire(id)).toBe(false);
  });

  test('one that is left to others is found by them at once, and by one of them only', async () => {
    await process('p1').acquire(id);
    await process('p2').acquire(id);
    expect(await process('p1').release([id])).toBe(true);
    await process('p1').offer([id]);
    expect(await process('p2').listAbandoned()).toEqual([id]);
    expect(await process('p2').acquire(id)).toBe(true);
    expect(await process('p3').acquire(id)).toBe(false);
    await process('p1').offer([id]);
    expect(await process('p2').listAbandoned()).toEqual([]);
    expect(await process('p2').renew([id])).toEqual(new Set([id]));
  });

  test('are not asked for again if there was no answer', async () => {
    const result = await database.db.collection('leases').bulkWrite([{ insertOne: { document: {} } }]);
    const noAnswer = new MongoBulkWriteError(new MongoNetworkError('no answer'), result);
    const bulkWrite = vi.spyOn(Collection.prototype, 'bulkWrite').mockRejectedValue(noAnswer);
    onTestFinished(() => bulkWrite.mockRestore());
    await expect(process('p1').acquireAll([id])).rejects.toBe(noAnswer);
    expect(bulkWrite).toHaveBeenCalledTimes(1);
  });

  test('a renewed one lasts', async () => {
    await process('p1', 0).acquire(id);
    await process('p1', 0).acquire('T1:C2');
    expect(await process('p1').renew([id, 'T1:C3'])).toEqual(new Set([id]));
    expect(await process('p2').listAbandoned()).toEqual(['T1:C2']);
  });

  test('a holder whose name looks like an operator is only a name', async () => {
    expect(await process('$$ROOT').acquire(id)).toBe(true);
    const stored = await database.db.collection('leases').findOne({ holder: '$$ROOT' });
    expect(stored).not.toBeNull();
  });

  test('a process that is alone deletes what others left', async () => {
    await process('p1').acquire(id);
    await deleteLeases(database.db);
    expect(await process('p2').acquire(id)).toBe(true);
  });
});
