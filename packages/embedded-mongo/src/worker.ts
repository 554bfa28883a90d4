import { parentPort, workerData } from 'node:worker_threads';
import { type ServerOptions, startServer } from './server.ts';

// An error ends the thread and reaches the main one.
const server = await startServer(workerData as ServerOptions);
parentPort?.once('message', () => {
  void server.close().then(() => parentPort?.close());
});
parentPort?.postMessage('ready');
