import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { readDocument } from './bson/read.ts';
import { claimFolder, releaseFolder } from './claim-folder.ts';
import { CommandError } from './command-error.ts';
import { EmbeddedMongoError } from './embedded-mongo-error.ts';
import { Engine } from './engine.ts';
import { Executor } from './executor.ts';
import { runMaintenance } from './maintenance.ts';
import { notWritable } from './prepare-folder.ts';
import { checkDataFile, damaged } from './storage/data-file.ts';
import { assertFormat, writeFormat } from './storage/format.ts';
import { storeRange } from './storage/keys.ts';
import { isStorageError, isWriteFault, openStorage, type Storage } from './storage/storage.ts';
import { serveConnection } from './wire/connection.ts';

export type ServerOptions = {
  folder: string;
  /** The path was never used by another socket. */
  socketPath: string;
  maintenanceInterval: number;
};

export type EmbeddedServer = { close(): Promise<void> };

/** @throws EmbeddedMongoError whose `code` says why the server cannot start */
export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
  const { folder, socketPath, maintenanceInterval } = options;
  const sockets = new Set<Socket>();
  let executor: Executor | undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Before the folder is claimed, only another process that wants the folder connects.
    if (executor === undefined) socket.destroy();
    else void serveConnection(socket, executor);
  });
  await listen(server, socketPath);
  const closeServer = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
    rmSync(socketPath, { force: true });
  };
  const engine = await openDatabase(folder, socketPath).catch(async (error: unknown) => {
    await closeServer();
    throw error;
  });
  const running = new Executor(engine);
  executor = running;
  const maintenance = scheduleMaintenance(engine, running, maintenanceInterval);
  return {
    async close() {
      await maintenance.stop();
      await closeServer();
      await running.run(false, () => ({}));
      releaseFolder(engine.storage);
      await engine.storage.close();
    },
  };
}

async function openDatabase(folder: string, socketPath: string): Promise<Engine> {
  const path = join(folder, 'data.mdb');
  const isShort = checkDataFile(path);
  let storage: Storage | undefined;
  try {
    storage = openStorage(folder);
    assertFormat(storage, folder);
    if (!(await claimFolder(storage, socketPath)))
      throw new EmbeddedMongoError(
        'in_use',
        `Another process is using the database in ${folder}. Stop it first, or use another folder.`,
      );
    writeFormat(storage);
    const engine = new Engine(storage);
    if (isShort) readEverything(engine);
    return engine;
  } catch (error) {
    await storage?.close();
    if (isWriteFault(error)) throw notWritable(folder, error);
    const isReadFault = error instanceof CommandError || isStorageError(error);
    throw isReadFault ? damaged(path, String(error), error) : error;
  }
}

/** @throws Error if a document or an index entry cannot be read */
function readEverything({ storage, catalog }: Engine): void {
  for (const { id, indexes } of catalog.list()) {
    for (const { value } of storage.scan(storeRange(id))) readDocument(value);
    for (const { record } of indexes) for (const _ of storage.scan(storeRange(record.id)));
  }
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

function scheduleMaintenance(
  engine: Engine,
  executor: Executor,
  interval: number,
): { stop(): Promise<void> } {
  let stopping = false;
  let current: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    current = current.then(() => runMaintenance(engine, executor, new Date(), () => stopping));
  }, interval);
  return {
    async stop() {
      stopping = true;
      clearInterval(timer);
      await current;
    },
  };
}
