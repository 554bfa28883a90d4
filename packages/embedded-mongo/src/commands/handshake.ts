import { maxDocumentBytes } from '../storage/collection-store.ts';
import { maxMessageBytes } from '../wire/message.ts';
import type { Command } from './command.ts';

/**
 * A standalone MongoDB 7.0 without sessions: so the driver sends no session, transaction or retryable write.
 * @see https://www.mongodb.com/docs/manual/reference/command/hello/
 */
export const hello: Command = {
  writes: false,
  options: ['helloOk', 'client', 'compression', 'backpressure'],
  run: ({ now, name }) => ({
    ...(name === 'hello' ? { isWritablePrimary: true } : { ismaster: true, helloOk: true }),
    maxBsonObjectSize: maxDocumentBytes,
    maxMessageSizeBytes: maxMessageBytes,
    maxWriteBatchSize: 100_000,
    localTime: now,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
  }),
};

export const ping: Command = { writes: false, options: [], run: () => ({}) };
