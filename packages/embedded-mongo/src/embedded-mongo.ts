import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EmbeddedMongoError, type EmbeddedMongoErrorCode } from './embedded-mongo-error.ts';
import { prepareFolder } from './prepare-folder.ts';
import type { ServerOptions } from './server.ts';

export { EmbeddedMongoError };

export type EmbeddedMongo = {
  uri: string;
  /** Closes the connections and the storage, and ends the thread. Idempotent. */
  close(): Promise<void>;
};

export type EmbeddedMongoOptions = {
  dataDir: string;
  /** The interval of removing expired documents: 60,000 by default, as in MongoDB. */
  maintenanceIntervalMs?: number;
  /** Called if the store dies while in use; without it, the error is thrown and ends the process. */
  onFatal?: (error: Error) => void;
};

/**
 * Starts the store in its own thread, on a Unix socket that only this user can reach.
 * @throws EmbeddedMongoError whose `code` says why it cannot start
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const folder = resolve(options.dataDir);
  prepareFolder(folder);
  const socketFolder = chooseSocketFolder(folder);
  const path = join(socketFolder, socketName());
  const serverOptions: ServerOptions = {
    folder,
    socketPath: path,
    maintenanceInterval: options.maintenanceIntervalMs ?? 60_000,
  };
  const worker = startWorker(serverOptions);
  const removeSocket = () => {
    rmSync(path, { force: true });
    if (socketFolder !== folder) rmSync(socketFolder, { recursive: true, force: true });
  };
  const onFatal = options.onFatal ?? throwLater;
  let state: 'starting' | 'running' | 'closing' = 'starting';

  const exited = new Promise<void>((resolveExit) => worker.once('exit', () => resolveExit()));
  await new Promise<void>((resolveStart, reject) => {
    const fail = (error: Error) => {
      const failed = toRefusal(error, folder);
      if (state === 'starting') reject(failed);
      else onFatal(failed);
      state = 'closing';
    };
    worker.on('error', fail);
    worker.once('exit', () => {
      if (state !== 'closing') fail(new Error('its thread ended'));
    });
    worker.once('message', () => {
      state = 'running';
      resolveStart();
    });
  }).catch(async (error: unknown) => {
    await worker.terminate();
    removeSocket();
    throw error;
  });

  return {
    uri: `mongodb://${encodeURIComponent(path)}/?directConnection=true`,
    async close() {
      if (state === 'running') {
        state = 'closing';
        worker.postMessage('close');
      }
      await exited;
      removeSocket();
    },
  };
}

/** Only the name, message and properties of an error of the thread arrive here. */
function toRefusal(cause: Error & { code?: EmbeddedMongoErrorCode }, folder: string): EmbeddedMongoError {
  return cause.name === EmbeddedMongoError.name && cause.code !== undefined
    ? new EmbeddedMongoError(cause.code, cause.message, { cause })
    : new EmbeddedMongoError('failed', `The embedded store in ${folder} failed.`, { cause });
}

function throwLater(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}

/** A socket's path has 108 bytes with the terminator on Linux, 104 on macOS. @see unix(7) */
const maxPathLength = 103;

const socketName = () => `store-${randomBytes(6).toString('hex')}.sock`;

/** The folder itself if a socket's path in it is short enough, else a new one that only this user can enter. */
function chooseSocketFolder(folder: string): string {
  const isShort = (parent: string) => Buffer.byteLength(join(parent, socketName())) <= maxPathLength;
  if (isShort(folder)) return folder;
  const temporary = isShort(join(tmpdir(), 'embedded-mongo-XXXXXX')) ? tmpdir() : '/tmp';
  return mkdtempSync(join(temporary, 'embedded-mongo-'));
}

/**
 * A thread does not inherit the loader of the main thread (tsx, vitest), and Node 20 does not run TypeScript: so from
 * source it starts with a line that loads tsx. `--import tsx` works in the main thread only.
 */
function startWorker(workerData: unknown): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  if (!isSource) return new Worker(new URL('./worker.js', import.meta.url), { workerData });
  const loader = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./worker.ts', import.meta.url);
  const first = `import { register } from '${loader}'; register(); await import('${entry}');`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(first)}`), {
    workerData,
    execArgv: [],
  });
}
