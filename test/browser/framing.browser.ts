import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { allow } from './support/consent.ts';
import type { SlackPage } from './support/slack-page.ts';
import { test } from './support/test.ts';

const mine = 'A page of the attacker';

/** Serves a page that frames others, from another origin than theirs. */
async function startAttacker(framed: readonly string[]): Promise<{ url: string; close(): Promise<void> }> {
  const frames = ['/mine', ...framed].map((src) => `<iframe src="${src}"></iframe>`).join('');
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(request.url === '/mine' ? mine : `<!doctype html><title>Win a prize</title>${frames}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Returns the text that a person sees in each frame, in order. */
async function textsOfFrames(page: Page): Promise<string[]> {
  const frames = page.frames().filter((frame) => frame !== page.mainFrame());
  return Promise.all(frames.map((frame) => frame.locator('body').innerText()));
}

/** The addresses of open pages that ask for a decision or show its result. */
async function openDecisions({ page, inNewTab }: SlackPage): Promise<string[]> {
  const consent = await inNewTab(() => page.getByRole('link', { name: 'Connect Slack' }).click());
  await consent.getByRole('link', { name: 'Continue to Slack' }).waitFor();
  const tab = await inNewTab(() =>
    page.getByRole('link', { name: 'Install from the App Directory' }).click(),
  );
  await allow(tab, '#cs-escalations');
  await tab.getByRole('heading', { name: '#cs-escalations is waiting for Perly' }).waitFor();
  const connected = tab.url();
  await tab.goto(await tab.locator('.copy').innerText());
  await tab.getByRole('button', { name: 'Link' }).click();
  await tab.getByRole('heading', { name: 'Now they confirm in Slack' }).waitFor();
  return [consent.url(), connected, tab.url()];
}

test('a page of somebody else that frames ours shows nothing of them', async ({ sandbox }) => {
  sandbox.expectErrors(/frame-ancestors/);
  // Some of the framed pages are error pages and have such a status.
  sandbox.expectErrors(/^error at chrome-error:\S+ Failed to load resource: .* status of 40[034]/);
  const dana = await sandbox.open('dana');
  const { appUrl } = sandbox.demo.config;
  const own = ['/', '/support', '/privacy', '/slack/link', '/nowhere', '/perly/docs'];
  const framed = [...own.map((path) => `${appUrl}${path}`), ...(await openDecisions(dana))];
  const attacker = await startAttacker(framed);

  await dana.page.goto(attacker.url);
  const [control, ...texts] = await textsOfFrames(dana.page);
  expect(control).toBe(mine);
  expect(texts).toHaveLength(framed.length);
  for (const text of texts) expect(text).not.toMatch(/perly|slack/i);
  await dana.page.goto('about:blank');
  await attacker.close();
});
