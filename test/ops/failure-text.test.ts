import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { AppError } from '../../src/lib/errors.ts';
import { toFailureText } from '../../src/ops/failure-text.ts';

function driversError(uri: string): Error {
  try {
    new MongoClient(uri);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('The driver takes this URI.');
}

test('an error that the operator can fix is its message, any other its stack', () => {
  expect(toFailureText(new AppError('config_invalid', 'PORT is wrong.'), [])).toBe('PORT is wrong.');
  const text = toFailureText(new TypeError('of undefined', { cause: new RangeError('too far') }), []);
  expect(text).toMatch(/^TypeError: of undefined\n {4}at .+RangeError: too far/s);
});

test('no secret is in it, wherever the error has it', () => {
  const odd = 'a"b\\c+/=$&.(x';
  const error = Object.assign(driversError('mongodb://hunter2%2:password@db/x'), {
    odd,
    uri: 'mongodb://user:hunter2-3@db/x',
    cause: new Error(`with ${odd}`),
  });
  const text = toFailureText(error, [odd]);
  expect(text).toContain('[redacted]');
  expect(text).not.toMatch(/hunter2-3|a"b/);
  expect(toFailureText(new AppError('usage', `not ${odd}`), [odd])).toBe('not [redacted]');
});
