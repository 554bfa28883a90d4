import type { Page } from 'playwright-core';

/** Picks a channel on Slack's consent page, and presses Allow. */
export async function allow(tab: Page, channel: string): Promise<void> {
  await tab.getByLabel('Where should Perly post?').selectOption({ label: channel });
  await tab.getByRole('button', { name: 'Allow' }).click();
}
