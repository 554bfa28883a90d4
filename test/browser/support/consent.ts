import type { Page } from 'playwright-core';

/** Picks a channel on Slack's consent page, and presses Allow. */
export async function allow(tab: Page, channel: string): Promise<void> {
  await tab.getByLabel('Where should Perly post?').selectOption({ label: channel });
  await tab.getByRole('button', { name: 'Allow' }).click();
}

/** Goes on to Slack from the page that names the account. */
export async function continueToSlack(tab: Page): Promise<void> {
  await tab.getByRole('heading', { name: 'Connect Slack to Northwind' }).waitFor();
  await tab.getByRole('link', { name: 'Continue to Slack' }).click();
}
