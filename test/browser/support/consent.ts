import type { Page } from 'playwright-core';

/** On Slack's consent page. */
export async function allow(tab: Page, channel: string): Promise<void> {
  await tab.getByLabel('Where should Perly post?').selectOption({ label: channel });
  await tab.getByRole('button', { name: 'Allow' }).click();
}

/** From the page that names the account. */
export async function continueToSlack(tab: Page): Promise<void> {
  await tab.getByRole('heading', { name: 'Connect Slack to Northwind' }).waitFor();
  await tab.getByRole('link', { name: 'Continue to Slack' }).click();
}
