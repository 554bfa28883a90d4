import { allow, continueToSlack } from './support/consent.ts';
import { cardOf } from './support/home-page.ts';
import type { SlackPage } from './support/slack-page.ts';
import { test } from './support/test.ts';

/** More than the lifetime of every link and token. */
async function advanceTwoWeeks(dana: SlackPage): Promise<void> {
  for (let week = 0; week < 2; week++) await dana.advanceClock('Next Monday 09:00');
}

test('once the clock was advanced, channels are connected from Perly and added from Home', async ({
  sandbox,
}) => {
  const dana = await sandbox.open('dana');
  await advanceTwoWeeks(dana);
  const tab = await dana.inNewTab(() => dana.page.getByRole('link', { name: 'Connect Slack' }).click());
  await continueToSlack(tab);
  await allow(tab, '#customer-health');
  await tab.getByRole('heading', { name: 'Alerts are active in #customer-health' }).waitFor();
  await tab.getByRole('link', { name: 'Back to Perly' }).click();
  await tab.getByRole('button', { name: 'Send a test alert' }).click();
  await tab.getByText('Test alert: sent.').waitFor();
  await tab.close();

  const home = await dana.home();
  await cardOf(home, '#customer-health').state.getByText('🟢 Active').waitFor();
  await advanceTwoWeeks(dana);
  const adding = await dana.inNewTab(() => home.getByRole('link', { name: 'Add channel' }).click());
  await allow(adding, '#billing-alerts');
  await adding.getByRole('heading', { name: 'Alerts are active in #billing-alerts' }).waitFor();
  await dana.post('Critical');
  await (await dana.channel('billing-alerts')).last().getByText('Customer at risk').first().waitFor();
});

test('once the clock was advanced, an account is linked after the install, and from Home', async ({
  sandbox,
}) => {
  const dana = await sandbox.open('dana');
  await advanceTwoWeeks(dana);
  const install = () =>
    dana.inNewTab(() => dana.page.getByRole('link', { name: 'Install from the App Directory' }).click());
  const tab = await install();
  await allow(tab, '#cs-escalations');
  await tab.getByRole('link', { name: 'Link your Perly account' }).click();
  await tab.getByRole('button', { name: 'Link' }).click();
  await tab.getByRole('heading', { name: 'Your Perly account is linked' }).waitFor();
  await tab.close();

  const waiting = await install();
  await allow(waiting, '#general');
  await waiting.getByRole('heading', { name: '#general is waiting for Perly' }).waitFor();
  await waiting.close();
  const home = await dana.home();
  await home.getByRole('button', { name: 'Link Perly account' }).click();
  const link = await dana.inNewTab(() => dana.page.getByRole('link', { name: 'Continue in Perly' }).click());
  await link.getByRole('button', { name: 'Link' }).click();
  await link.getByRole('heading', { name: 'Now confirm in Slack' }).waitFor();
  await dana.page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  await home.getByRole('button', { name: 'Link account' }).click();
  await dana.page.getByText('Linked to Northwind.').waitFor();
});

test('once the clock was advanced, Perly is removed, comes back, and stays', async ({ sandbox }) => {
  await sandbox.connect('#customer-health');
  const dana = await sandbox.open('dana');
  await advanceTwoWeeks(dana);
  await dana.page.getByRole('button', { name: 'Remove Perly from the workspace' }).click();
  await dana.page.getByText('The app is removed.').waitFor();

  const tab = await dana.inNewTab(() => dana.page.getByRole('link', { name: 'Connect Slack' }).click());
  await continueToSlack(tab);
  await allow(tab, '#customer-health');
  await tab.getByRole('heading', { name: 'Reconnected #customer-health' }).waitFor();
  await tab.close();
  await advanceTwoWeeks(dana);
  await advanceTwoWeeks(dana);
  const home = await dana.home();
  await cardOf(home, '#customer-health').state.getByText('🟢 Active').waitFor();
  await dana.post('Critical');
  await (await dana.channel('customer-health')).last().getByText('Customer at risk').first().waitFor();
});
