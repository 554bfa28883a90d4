import { expect } from 'vitest';
import { seriousViolations } from './support/serious-violations.ts';
import { test } from './support/test.ts';

test('the public pages have no serious fault, fit a phone, and lead to Slack', async ({ sandbox }) => {
  const { page } = await sandbox.open('dana', { viewport: { width: 380, height: 800 } });
  for (const path of ['/', '/support', '/privacy']) {
    await page.goto(`${sandbox.demo.config.appUrl}${path}`);
    expect([path, await seriousViolations(page)]).toEqual([path, []]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(380);
  }
  await page.getByRole('link', { name: 'About Perly for Slack' }).click();
  await page.getByRole('link', { name: 'Add to Slack' }).click();
  await page.getByRole('button', { name: 'Allow' }).waitFor();
});
