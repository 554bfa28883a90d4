import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uncutBudget } from '../../../src/messages/alert.ts';
import { alertLines, title } from '../../../src/messages/alert-lines.ts';
import { toButtons } from '../../../src/messages/buttons.ts';
import { deletions, storedData } from '../../../src/slack/site/privacy-data.ts';
import { sampleAlert } from '../../../src/slack/site/render-landing.ts';
import { controlsOn } from '../../support/alert-controls.ts';
import { sampleEvent } from '../../support/sample-events.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';
import { byName, elementsOf, type HtmlElement, parseHtml, textOf } from '../pages/parse-html.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({
    env: {
      COMPANY_NAME: 'Pearl & Sons',
      SUPPORT_EMAIL: 'help@pearl.example',
      SUPPORT_HOURS: 'Weekdays, 8 to 18 in Berlin.',
      PRICING_TEXT: 'Ten <euros> a month.',
      PRICING_URL: 'https://pearl.example/prices',
      PRIVACY_EMAIL: 'data@pearl.example',
    },
  });
});
afterAll(() => running.close());

async function open(path: string): Promise<HtmlElement> {
  const answer = await fetch(`${running.url}${path}`);
  expect(answer.status).toBe(200);
  return parseHtml(await answer.text());
}

const hrefsOf = (page: HtmlElement) => byName(page, 'a').map(({ attributes }) => attributes.href);

describe.each(['/', '/support', '/privacy'])('the public page at %s', (path) => {
  test('has one headline, a description, and needs no login', async () => {
    const page = await open(path);
    expect(page.attributes).toEqual({ lang: 'en' });
    expect(byName(page, 'h1')).toHaveLength(1);
    const names = byName(page, 'meta').map(({ attributes }) => attributes.name);
    expect(names).toContain('description');
    expect(names).not.toContain('robots');
    const elements = new Set(elementsOf(page).map(({ name }) => name));
    for (const name of ['script', 'img', 'iframe', 'form', 'input']) expect(elements).not.toContain(name);
  });

  test('links the other public pages', async () => {
    const hrefs = hrefsOf(await open(path));
    for (const other of ['/', '/support', '/privacy']) expect(hrefs).toContain(`${running.url}${other}`);
  });

  test('leads nowhere that is not there', async () => {
    const own = hrefsOf(await open(path)).filter((href) => href?.startsWith(running.url));
    for (const href of own) {
      const { status } = await fetch(href ?? '', { redirect: 'manual' });
      expect([href, [200, 302].includes(status)]).toEqual([href, true]);
    }
  });
});

test('the landing page leads to Slack, and says what the app does, how it starts, what it costs and whose it is', async () => {
  const page = await open('/');
  const addToSlack = byName(page, 'a').find((link) => textOf(link) === 'Add to Slack');
  expect(addToSlack?.attributes.href).toBe(`${running.url}/slack/install`);
  expect(textOf(page)).toContain('You need a Perly account');
  expect(textOf(page)).toContain('Ten <euros> a month.');
  expect(textOf(page)).toContain('offered by Pearl & Sons.');
  expect(byName(page, 'h2').map(textOf)).toEqual([
    'What you get',
    'How it starts',
    'What it reads: nothing',
    'Shared channels',
    'Remove it',
    'Pricing',
    'Help',
  ]);
  expect(hrefsOf(page)).toEqual(
    expect.arrayContaining(['https://pearl.example/prices', 'mailto:help@pearl.example']),
  );
});

test('the support page names an address and hours', async () => {
  const page = await open('/support');
  expect(hrefsOf(page)).toContain('mailto:help@pearl.example');
  expect(textOf(page)).toContain('Weekdays, 8 to 18 in Berlin.');
});

test('the privacy page names whom to ask, and has every entry of the table', async () => {
  const page = await open('/privacy');
  expect(hrefsOf(page)).toContain('mailto:data@pearl.example');
  const text = textOf(page).toLowerCase();
  for (const entry of [...storedData, ...deletions])
    for (const value of Object.values(entry)) expect(text).toContain(value.toLowerCase());
});

test('docs/privacy.md has the same tables as the privacy page', () => {
  const document = readFileSync(new URL('../../../docs/privacy.md', import.meta.url), 'utf8');
  const rowsBelow = (heading: string) => {
    const [, section = ''] = document.split(`## ${heading}\n`);
    const [table = ''] = section.split(/\n(?!\||$)/m);
    const rows = table.split('\n').filter((line) => line.startsWith('| '));
    return rows.slice(1).map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
  };
  expect(rowsBelow('By occasion')).toEqual(deletions.map(({ when, deleted, kept }) => [when, deleted, kept]));
  expect(rowsBelow('By collection')).toEqual(
    storedData.map((row) => [row.collection, row.data, row.purpose, row.seenBy, row.deleted]),
  );
});

test('the drawn alert says what a real one says', () => {
  const event = sampleEvent('seed-example');
  expect(`${sampleAlert.customer} — ${sampleAlert.headline}`).toBe(title(event, uncutBudget.name));
  expect(sampleAlert.lines).toEqual(alertLines(event, uncutBudget));
  const [buttons] = toButtons(event, controlsOn([event]).get(event.id));
  const labels = buttons?.elements.map((element) => {
    if (element.type === 'button') return element.text.text;
    return element.type === 'static_select' ? element.placeholder?.text : undefined;
  });
  expect(sampleAlert.buttons).toEqual(labels);
});
