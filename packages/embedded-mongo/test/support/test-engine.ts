import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from './start-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the built package, for tests that start processes. */
    embeddedMongoBuild: string;
    /** The engine on which tests make their databases. */
    engineUri: string;
  }
}

/** Starts the engine of a test run: the one that `MONGODB_URI` names, or an embedded one that ends with the run. */
export async function startTestEngine(build: string): Promise<{ uri: string; close(): Promise<void> }> {
  const uri = process.env.MONGODB_URI;
  if (uri !== undefined) return { uri, close: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'embedded-mongo-'));
  // A test that writes documents that have expired already must fail every time, not only when maintenance runs.
  const database = await startProcess({ build, dataDir, maintenanceIntervalMs: 250 });
  return {
    uri: database.uri,
    async close() {
      await database.kill();
      await rm(dataDir, { recursive: true });
    },
  };
}
