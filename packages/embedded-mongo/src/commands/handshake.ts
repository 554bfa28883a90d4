import { largestDocument } from '../storage/collection-store.ts';
import { largestMessage } from '../wire/message.ts';
import type { Command } from './command.ts';

/**
 * Says that this is a standalone MongoDB 7.0 without sessions, so that the driver sends no session, no transaction and
 * no retryable write.
 *
 * @see https://www.mongodb.com/docs/manual/reference/command/hello/
 */
export const hello: Command = {
  writes: false,
  fields: [
    'helloOk',
    'client',
    'compression',
    'loadBalanced',
    'saslSupportedMechs',
    'speculativeAuthenticate',
    'topologyVersion',
    'maxAwaitTimeMS',
    'hello',
    'backpressure',
  ],
  run: ({ now, name }) => ({
    ...(name === 'hello' ? { isWritablePrimary: true } : { ismaster: true, helloOk: true }),
    maxBsonObjectSize: largestDocument,
    maxMessageSizeBytes: largestMessage,
    maxWriteBatchSize: 100_000,
    localTime: now,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
  }),
};

export const ping: Command = { writes: false, fields: [], run: () => ({}) };

export const buildInfo: Command = {
  writes: false,
  fields: [],
  run: () => ({ version: '7.0.0', versionArray: [7, 0, 0, 0], maxBsonObjectSize: largestDocument }),
};

/** Nothing is kept for a session. */
export const endSessions: Command = { writes: false, fields: [], run: () => ({}) };
