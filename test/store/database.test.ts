import {
  type BulkWriteResult,
  MongoBulkWriteError,
  MongoClient,
  MongoNetworkError,
  MongoServerError,
} from 'mongodb';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/lib/errors.ts';
import { isDatabaseAway, isUnreachable } from '../../src/store/database.ts';

describe('whether the database is unavailable', () => {
  test.each<[unknown, boolean]>([
    [new MongoNetworkError('connection 3 to 127.0.0.1:27017 closed'), true],
    [new MongoServerError({ message: 'not primary', code: 10107 }), true],
    // The driver does not wrap the error of a failed write to its socket.
    [Object.assign(new Error('write ECONNRESET'), { code: 'ECONNRESET' }), true],
    [Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }), true],
    [new AppError('token_invalid', 'The token is not valid.'), false],
    [new TypeError('undefined is not a function'), false],
    ['ECONNRESET', false],
  ])('%s: %s', (error, expected) => {
    expect(isDatabaseAway(error)).toBe(expected);
  });
});

describe('whether the database is unreachable', () => {
  const result: BulkWriteResult = Object.create(null);
  const inBulk = (error: Error) => new MongoBulkWriteError(error, result);

  test('is seen in any command, also in an insert of many', async () => {
    const client = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 1 });
    const error = await client.connect().catch((reason: Error) => reason);
    expect(isUnreachable(error)).toBe(true);
    expect(isUnreachable(inBulk(error as Error))).toBe(true);
  });

  test.each([
    new MongoNetworkError('connection 3 to 127.0.0.1:27017 closed'),
    new MongoServerError({ message: 'not primary', code: 10107 }),
  ])('is not said by $name', (error) => {
    expect(isUnreachable(error)).toBe(false);
    expect(isUnreachable(inBulk(error))).toBe(false);
  });
});
