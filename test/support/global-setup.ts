import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildApp } from './build-app.ts';
import { startStoreProcess } from './start-store-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the built app, for tests that start processes. */
    build: string;
    /** The engine on which `openTestDatabase` makes its databases. */
    engineUri: string;
  }
}

/**
 * Runs once, before all test files: builds the app, and starts one embedded store for all of them, unless
 * `MONGODB_URI` names an engine. Both end with the run.
 */
export default async function provideSurroundings(project: TestProject): Promise<() => Promise<void>> {
  const build = await buildApp();
  project.provide('build', build.folder);
  project.onTestsRerun(build.refresh);
  const engine = await openEngine(build.folder);
  project.provide('engineUri', engine.uri);
  return async () => {
    await engine.close();
    await build.remove();
  };
}

async function openEngine(build: string): Promise<{ uri: string; close(): Promise<void> }> {
  const uri = process.env.MONGODB_URI;
  if (uri !== undefined) return { uri, close: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'perly-test-'));
  // A test that writes what has expired already shall fail every time, not only when a sweep happens to come.
  const store = await startStoreProcess({ build, dataDir, sweepIntervalMs: 250 });
  return {
    uri: store.uri,
    async close() {
      await store.kill();
      await rm(dataDir, { recursive: true });
    },
  };
}
