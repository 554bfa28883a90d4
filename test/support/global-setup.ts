import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startTestEngine } from '../../packages/embedded-mongo/test/support/test-engine.ts';
import { buildApp } from './build-app.ts';
import { frugalGc } from './frugal-gc.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the built app. */
    build: string;
  }
}

/**
 * Runs once, before all test files: builds the app, and starts one embedded store for all of them unless `MONGODB_URI`
 * is set.
 */
export default async function globalSetup(project: TestProject): Promise<() => Promise<void>> {
  const build = await buildApp();
  const embeddedMongo = join(build.folder, 'packages', 'embedded-mongo', 'src');
  project.provide('build', build.folder);
  const plugin = project.vite.config.plugins.find(({ name }) => name === 'import-build');
  if (plugin !== undefined) plugin.api.folder = build.folder;
  project.provide('embeddedMongoBuild', embeddedMongo);
  project.onTestsRerun(build.refresh);
  const engine = await startTestEngine(embeddedMongo, frugalGc);
  project.provide('engineUri', engine.uri);
  return async () => {
    await engine.close();
    await build.remove();
  };
}
