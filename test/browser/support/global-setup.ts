import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { buildPage } from '../../../sandbox/ui/build-page.ts';
import { browserOptions } from './browser-options.ts';

declare module 'vitest' {
  interface ProvidedContext {
    browserEndpoint: string;
  }
}

/** Once, before all test files: builds the page, and starts one browser for all of them. */
export default async function globalSetup(project: TestProject): Promise<() => Promise<void>> {
  const [server] = await Promise.all([chromium.launchServer(browserOptions), buildPage()]);
  project.provide('browserEndpoint', server.wsEndpoint());
  return () => server.close();
}
