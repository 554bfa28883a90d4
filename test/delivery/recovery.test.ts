import { MongoClient } from 'mongodb';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { createRecovery } from '../../src/delivery/recovery.ts';

const logger = pino({ level: 'silent' });

/** Steps that record when they run; those with an error fail. */
function setupRecovery(...all: [name: string, error?: Error][]) {
  const runs: string[] = [];
  const steps = all.map(([name, error]) => ({
    name,
    async run() {
      runs.push(name);
      if (error !== undefined) throw error;
    },
  }));
  return { runs, recovery: createRecovery(steps, logger) };
}

const named = (name: string, cause: Error) => ({
  code: 'recovery_failed',
  message: `Recovery of ${name} failed.`,
  cause,
});

describe('recovery', () => {
  test('a step that fails keeps no other from its turn, and is named in the error', async () => {
    const error = new Error('no such file');
    const { runs, recovery } = setupRecovery(['moves'], ['removals', error], ['openings']);
    await expect(recovery.run()).rejects.toMatchObject(named('removals', error));
    expect(runs).toEqual(['moves', 'removals', 'openings']);
  });

  test('the errors of all steps are named, also several of one', async () => {
    const [first, second, third] = ['a', 'b', 'c'].map((name) => new Error(name)) as [Error, Error, Error];
    const { recovery } = setupRecovery(['moves', first], ['removals', new AggregateError([second, third])]);
    await expect(recovery.run()).rejects.toMatchObject({
      errors: [named('moves', first), named('removals', second), named('removals', third)],
    });
  });

  test('when no database is reached, no other step runs, and the error says so', async () => {
    const nowhere = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 1 });
    const error = await nowhere.connect().catch((thrown: unknown) => thrown);
    const { runs, recovery } = setupRecovery(['moves', error as Error], ['removals']);
    await expect(recovery.run()).rejects.toBe(error);
    expect(runs).toEqual(['moves']);
  });

  test('only one run goes on without a caller, and whoever stops can wait for it', async () => {
    const { runs, recovery } = setupRecovery(['moves', new Error('it is only logged')]);
    recovery.begin();
    recovery.begin();
    await recovery.ended();
    expect(runs).toEqual(['moves']);
    recovery.begin();
    await recovery.ended();
    expect(runs).toEqual(['moves', 'moves']);
  });
});
