import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildPage } from '../../../sandbox/ui/build-page.ts';
import { builtPage } from '../../../sandbox/ui/start-ui.ts';
import { setupUi } from './setup-ui.ts';

test('the page is built, served, and loads nothing from outside', async () => {
  await buildPage();
  const { url } = await setupUi();
  const page = await fetch(url);
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  const [, script = ''] = /<script type="module"[^>]* src="([^"]*)"/.exec(html) ?? [];
  expect((await fetch(new URL(script, url))).status).toBe(200);

  const style = readFileSync(`${builtPage}page.css`, 'utf8');
  for (const source of [html, style]) expect(source).not.toMatch(/(?:src|href)="https?:|url\(|@import/);
});

test('a missing page links back', async () => {
  const { url } = await setupUi();
  const answer = await fetch(`${url}/help`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('<a href="/">To the local Slack</a>');
});
