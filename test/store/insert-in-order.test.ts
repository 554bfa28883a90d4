import { MongoClientBulkWriteError, MongoNetworkError, MongoServerError } from 'mongodb';
import { afterEach, expect, test, vi } from 'vitest';
import { createOrderedInsert } from '../../src/store/insert-in-order.ts';
import { hasBulkWrite } from '../support/has-bulk-write.ts';
import { setupDatabase } from '../support/setup-database.ts';

const database = setupDatabase();
afterEach(() => vi.restoreAllMocks());

const groups = { events: [{ _id: 'a' }, { _id: 'b' }], deliveries: [{ _id: 'c' }] };

/** What the driver throws if the engine refuses the whole command. */
function refusal(code: number): MongoClientBulkWriteError {
  const error = new MongoClientBulkWriteError({ message: 'Mongo client bulk write encountered an error' });
  error.cause = new MongoServerError({ message: 'no', code });
  return error;
}

function answerWith(error: Error) {
  return vi.spyOn(database.db.client, 'bulkWrite').mockRejectedValue(error);
}

test.each([59, 115, 303])('an engine that does not know the command (%i) is asked once', async (code) => {
  const asked = answerWith(refusal(code));
  const insertInOrder = createOrderedInsert(database.db);
  expect([await insertInOrder(groups), await insertInOrder(groups)]).toEqual([undefined, undefined]);
  expect(asked).toHaveBeenCalledTimes(1);
});

test('an engine that refuses it for another reason is asked again', async () => {
  const asked = answerWith(refusal(10107));
  const insertInOrder = createOrderedInsert(database.db);
  expect([await insertInOrder(groups), await insertInOrder(groups)]).toEqual([undefined, undefined]);
  expect(asked).toHaveBeenCalledTimes(2);
});

/** What the driver throws if single writes fail. @param codes by their position */
function failure(codes: Record<number, number>, change: Partial<MongoClientBulkWriteError> = {}) {
  const error = new MongoClientBulkWriteError({ message: 'Mongo client bulk write encountered errors' });
  for (const [index, code] of Object.entries(codes))
    error.writeErrors.set(Number(index), { code, message: 'no' });
  return Object.assign(error, change);
}

test('only a document that exists ends it without an error', async () => {
  answerWith(failure({ 1: 11000 }));
  expect(await createOrderedInsert(database.db)(groups)).toBe(1);
});

test('a document that exists in a command that was refused midway tells nothing about the others', async () => {
  answerWith(failure({ 1: 11000 }, { cause: new MongoServerError({ message: 'no', code: 10107 }) }));
  expect(await createOrderedInsert(database.db)(groups)).toBeUndefined();
});

const gone = new MongoNetworkError('gone');
const notReplicated = { code: 64, message: 'waiting for replication timed out' };
test.each([
  ['a network error', gone],
  ['an error without a reason', failure({})],
  ['a write that conflicts', failure({ 0: 112 })],
  ['several errors', failure({ 0: 11000, 1: 11000 })],
  [
    'a document that exists, but nothing is durable',
    failure({ 0: 11000 }, { writeConcernErrors: [notReplicated] }),
  ],
  ['writes that are not durable', failure({}, { writeConcernErrors: [notReplicated] })],
  ['an answer that breaks off', failure({}, { cause: gone })],
  ['a document that exists, in an answer that breaks off', failure({ 0: 11000 }, { cause: gone })],
])('%s is thrown, and it is asked again', async (_, error) => {
  const asked = answerWith(error);
  const insertInOrder = createOrderedInsert(database.db);
  await expect(insertInOrder(groups)).rejects.toBe(error);
  await expect(insertInOrder(groups)).rejects.toBe(error);
  expect(asked).toHaveBeenCalledTimes(2);
});

test.runIf(hasBulkWrite)('inserts up to the first document that exists, and says how many', async () => {
  const insertInOrder = createOrderedInsert(database.db);
  await database.db.collection<{ _id: string }>('events').insertOne({ _id: 'b' });
  expect(await insertInOrder(groups)).toBe(1);
  expect(await database.db.collection('deliveries').countDocuments()).toBe(0);
  expect(await insertInOrder({ events: [{ _id: 'd' }], deliveries: groups.deliveries })).toBe(2);
});
