import { parentPort, workerData } from 'node:worker_threads';
import { EmbeddedMongoError, type EmbeddedMongoErrorCode } from './embedded-mongo-error.ts';
import { type ServerOptions, startServer } from './server.ts';

export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'refused'; code: EmbeddedMongoErrorCode; message: string };

const tell = (message: WorkerMessage) => parentPort?.postMessage(message);

try {
  const server = await startServer(workerData as ServerOptions);
  parentPort?.once('message', () => {
    server.close().then(
      () => parentPort?.close(),
      (error: unknown) => {
        // Outside the promise: an unhandled error ends the thread and reaches the main one.
        setImmediate(() => {
          throw error;
        });
      },
    );
  });
  tell({ kind: 'ready' });
} catch (error) {
  if (!(error instanceof EmbeddedMongoError)) throw error;
  tell({ kind: 'refused', code: error.code, message: error.message });
}
