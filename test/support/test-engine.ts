import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startStoreProcess } from '../store/embedded/start-store-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The engine on which `openTestDatabase` makes its databases. */
    engineUri: string;
  }
}

/**
 * Runs before all test files: names the engine of `MONGODB_URI`, or starts one embedded store, in a process of
 * its own, that ends with the run.
 */
export default async function provideEngine(project: TestProject): Promise<() => Promise<void>> {
  const uri = process.env.MONGODB_URI;
  if (uri !== undefined) {
    project.provide('engineUri', uri);
    return async () => {};
  }
  const folder = await mkdtemp(join(tmpdir(), 'perly-test-'));
  const store = await startStoreProcess(folder);
  project.provide('engineUri', store.uri);
  return async () => {
    await store.kill();
    await rm(folder, { recursive: true, force: true });
  };
}
