import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from './start-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** For tests that start processes. */
    embeddedMongoBuild: string;
    /** The engine on which tests create their databases. */
    engineUri: string;
  }
}

const memoryFolder = '/dev/shm';
/** Far more than a test run writes. */
const minFreeBytes = 2 ** 30;

/** In memory if possible: each write is synced, and no test depends on the disk. */
async function findFastFolder(): Promise<string> {
  const found = await statfs(memoryFolder).catch(() => undefined);
  return found !== undefined && found.bavail * found.bsize >= minFreeBytes ? memoryFolder : tmpdir();
}

/** The one that `MONGODB_URI` names, or an embedded one that ends with the run. */
export async function startTestEngine(
  build: string,
  nodeOptions: readonly string[] = [],
): Promise<{ uri: string; close(): Promise<void> }> {
  const uri = process.env.MONGODB_URI;
  if (uri !== undefined) return { uri, close: async () => {} };
  const dataDir = await mkdtemp(join(await findFastFolder(), 'embedded-mongo-'));
  // A test that writes expired documents must fail every time, not only when maintenance runs.
  const database = await startProcess({ build, dataDir, maintenanceIntervalMs: 250, nodeOptions });
  return {
    uri: database.uri,
    async close() {
      await database.kill();
      await rm(dataDir, { recursive: true });
    },
  };
}
