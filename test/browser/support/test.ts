import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { test as base, expect, inject } from 'vitest';
import { openTestDatabase } from '../../../packages/embedded-mongo/test/support/open-test-database.ts';
import { account, type Demo, startDemo } from '../../../sandbox/demo/start-demo.ts';
import { type Clock, systemClock } from '../../../src/lib/clock.ts';
import { prepareDatabase } from '../../../src/store/database.ts';
import { patientAnswerMs, patientTimeouts } from '../../support/patient-timeouts.ts';
import { createSlackPage, type SlackPage } from './slack-page.ts';

export type Sandbox = {
  demo: Demo;
  /** In a browser of their own. */
  open(user: string, options?: BrowserContextOptions): Promise<SlackPage>;
  /** Connects to the demo's account as Connect Slack in Perly does, without the browser. */
  connect(...channels: string[]): Promise<void>;
  /** Errors that the browser may log, and refusals of Slack, in this test. */
  expectErrors(words: RegExp): void;
};

/**
 * A test with its own demo, on the machine's clock by default. At its end no page may have logged an error, and Slack
 * may have refused nothing, unless the test expects it.
 */
export const test = base.extend<{ browser: Browser; clock: Clock; sandbox: Sandbox }>({
  clock: systemClock,
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of fixtures from the pattern
    async ({}, use) => {
      const browser = await chromium.connect(inject('browserEndpoint'));
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  async sandbox({ browser, clock, task }, use) {
    const database = await openTestDatabase();
    await prepareDatabase(database.db);
    const demo = await startDemo({
      db: database.db,
      clock,
      timeouts: patientTimeouts,
      answerTimeoutMs: patientAnswerMs,
    });
    const closing: (() => Promise<void>)[] = [];
    const problems: string[] = [];
    const expected: RegExp[] = [];

    await use({
      demo,
      async open(user, options) {
        const context = await browser.newContext({
          viewport: { width: 1440, height: 900 },
          locale: 'en-US',
          timezoneId: 'Europe/Berlin',
          reducedMotion: 'reduce',
          ...options,
        });
        closing.push(async () => {
          if (task.result?.state === 'fail') await saveScreenshots(context, task.name);
          await context.close();
        });
        context.setDefaultTimeout(60_000);
        context.on('page', (page) => listen(page, problems));
        const page = await context.newPage();
        await page.goto(`${demo.url}/?user=${user}`);
        return createSlackPage(page);
      },
      async connect(...channels) {
        for (const channel of channels) {
          const answer = await demo.slack.install(await demo.perly.installUrl(account.id), { channel });
          expect(answer.status).toBe(200);
        }
      },
      expectErrors: (words) => void expected.push(words),
    });

    for (const close of closing) await close();
    for (const { where, error, message } of demo.slack.refusals)
      problems.push(`Slack refused: ${error} ${message} (${where})`);
    await demo.close();
    await database.close();
    expect(problems.filter((problem) => !expected.some((words) => words.test(problem)))).toEqual([]);
  },
});

/** Screenshots of a failed test, in a folder that git ignores. */
async function saveScreenshots(context: BrowserContext, name: string): Promise<void> {
  for (const [index, page] of context.pages().entries())
    await page.screenshot({ path: `test/browser/failures/${name.replaceAll(/\W+/g, '-')}-${index + 1}.png` });
}

function listen(page: Page, problems: string[]): void {
  page.on('pageerror', (error) => problems.push(`a page failed: ${error.stack}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`${message.type()} at ${message.location().url}: ${message.text()}`);
  });
}
