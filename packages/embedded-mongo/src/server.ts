import { randomInt } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { claimFolder, releaseFolder } from './claim-folder.ts';
import { Cursors } from './cursors.ts';
import { EmbeddedMongoError } from './embedded-mongo-error.ts';
import { Engine } from './engine.ts';
import { Executor } from './executor.ts';
import { sweep } from './maintenance.ts';
import { Catalog } from './storage/catalog.ts';
import { openStorage } from './storage/storage.ts';
import { serveConnection } from './wire/connection.ts';

export type ServerOptions = {
  /** The folder of the storage. */
  folder: string;
  /** A path that no socket has had before. */
  socketPath: string;
  /** Between two looks for what has expired, in milliseconds. */
  sweepInterval: number;
};

export type EmbeddedServer = { close(): Promise<void> };

/**
 * Opens the storage and serves it.
 *
 * @throws EmbeddedMongoError `in_use` when another process has the folder
 */
export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
  const { folder, socketPath, sweepInterval } = options;
  const sockets = new Set<Socket>();
  let ready: (executor: Executor) => void = () => {};
  const executor = new Promise<Executor>((resolve) => {
    ready = resolve;
  });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveConnection(socket, async (request) => (await executor).execute(request));
  });
  await listen(server, socketPath);
  const storage = openStorage(folder);
  const closeServer = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
    rmSync(socketPath, { force: true });
  };
  if (!(await claimFolder(storage, socketPath))) {
    await closeServer();
    await storage.close();
    throw new EmbeddedMongoError(
      'in_use',
      `Another process is using the embedded store in ${folder}. Stop it first, or use another folder.`,
    );
  }

  const engine = new Engine({
    storage,
    catalog: new Catalog(storage),
    cursors: new Cursors(() => randomInt(1, 2 ** 48 - 1)),
  });
  const running = new Executor(engine, () => new Date());
  ready(running);
  const sweeping = startSweeping(engine, running, sweepInterval);
  return {
    async close() {
      await sweeping.stop();
      await closeServer();
      await running.drain();
      releaseFolder(storage);
      await storage.close();
    },
  };
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => {
      server.off('error', reject);
      chmodSync(socketPath, 0o600);
      resolve();
    });
  });
}

/** Sweeps at intervals, one sweep at a time. */
function startSweeping(engine: Engine, executor: Executor, interval: number): { stop(): Promise<void> } {
  let stopping = false;
  let current: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const schedule = () => {
    timer = setTimeout(() => {
      current = sweep(engine, executor, new Date(), () => stopping).then(() => {
        if (!stopping) schedule();
      });
    }, interval);
  };
  schedule();
  return {
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await current;
    },
  };
}
