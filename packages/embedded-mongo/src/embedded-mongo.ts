import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EmbeddedMongoError } from './embedded-mongo-error.ts';
import { prepareFolder } from './prepare-folder.ts';
import type { ServerOptions } from './server.ts';
import type { WorkerMessage } from './worker.ts';

export { EmbeddedMongoError };

export type EmbeddedMongo = {
  /** For `new MongoClient(uri)`. */
  uri: string;
  /** Closes the connections and the storage, and ends the thread. Idempotent. */
  close(): Promise<void>;
};

export type EmbeddedMongoOptions = {
  /** The folder for the data, created if missing. */
  dataDir: string;
  /** Interval of removing expired documents: 60,000 ms by default, as in MongoDB. */
  maintenanceIntervalMs?: number;
  /** Called if the store dies while in use; without it, the error is thrown and ends the process. */
  onFatal?: (error: Error) => void;
};

/**
 * Starts the embedded store: a server for MongoDB's protocol in its own thread, on a Unix socket that only this user
 * can reach.
 * @throws EmbeddedMongoError whose `code` says why it cannot start
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const folder = resolve(options.dataDir);
  prepareFolder(folder);
  const { path, madeFolder } = newSocketPath(folder);
  const serverOptions: ServerOptions = {
    folder,
    socketPath: path,
    maintenanceInterval: options.maintenanceIntervalMs ?? 60_000,
  };
  const worker = startWorker(serverOptions);
  const removeFolder = () => madeFolder !== undefined && rmSync(madeFolder, { recursive: true, force: true });
  const onFatal = options.onFatal ?? throwLater;
  let state: 'starting' | 'running' | 'closing' = 'starting';

  const exited = new Promise<void>((resolveExit) => worker.once('exit', () => resolveExit()));
  await new Promise<void>((resolveStart, reject) => {
    const fail = (error: Error) => {
      const failed = new EmbeddedMongoError('failed', `The embedded store in ${folder} failed.`, {
        cause: error,
      });
      if (state === 'starting') reject(failed);
      else onFatal(failed);
      state = 'closing';
    };
    worker.on('error', fail);
    worker.once('exit', () => {
      if (state !== 'closing') fail(new Error('its thread ended'));
    });
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'ready') {
        state = 'running';
        resolveStart();
      } else if (message.kind === 'refused') {
        state = 'closing';
        reject(new EmbeddedMongoError(message.code, message.message));
      }
    });
  }).catch(async (error: unknown) => {
    await worker.terminate();
    removeFolder();
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
      rmSync(path, { force: true });
      removeFolder();
    },
  };
}

function throwLater(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}

/** Maximum bytes of a Unix socket's path: 108 with the terminator on Linux, 104 on macOS. @see unix(7) */
const maxPathLength = 103;

/**
 * A path for a new socket: in the folder if it fits, else in a new folder that only this user can enter.
 * @returns the path, and the new folder if there is one
 */
function newSocketPath(folder: string): { path: string; madeFolder: string | undefined } {
  const name = `store-${randomBytes(6).toString('hex')}.sock`;
  const path = join(folder, name);
  if (Buffer.byteLength(path) <= maxPathLength) return { path, madeFolder: undefined };
  const madeFolder = mkdtempSync(join(tmpdir(), 'perly-'));
  return { path: join(madeFolder, name), madeFolder };
}

/**
 * Starts the thread from `worker.js` beside the compiled code, or from `worker.ts` beside the source. Node 20 does
 * not run TypeScript, and a thread does not inherit the loader of the main thread (tsx, vitest), so it starts with a
 * line that loads tsx. `execArgv: ['--import', 'tsx']` does not work: tsx supports it in the main thread only.
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
