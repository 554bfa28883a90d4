import { expect } from 'vitest';
import { seriousViolations } from './support/serious-violations.ts';
import { test } from './support/test.ts';

test.for([
  ['a desk', 1280],
  ['a phone', 390],
] as const)(
  "the API's page can be read on %s, light and dark, and asks nobody else",
  async ([, width], { sandbox }) => {
    const dana = await sandbox.open('dana', { viewport: { width, height: 844 } });
    const page = await dana.page.context().newPage();
    const { appUrl } = sandbox.demo.config;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${appUrl}/perly/docs`);
    await page.getByRole('heading', { name: 'Perly for Slack' }).waitFor();
    for (const operation of ['Post an event or a batch of events', 'Replace a channel’s rules'])
      await page.getByRole('button', { name: operation }).click();
    await page.getByText('Sending the same body again is always safe').waitFor();

    expect(await seriousViolations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(asked.filter((url) => !url.startsWith(appUrl) && !url.startsWith('data:'))).toEqual([]);
  },
);
