import { expect } from 'vitest';
import { allow, continueToSlack } from './support/consent.ts';
import { test } from './support/test.ts';

test('from Connect Slack in Perly to an alert in the channel', async ({ sandbox }) => {
  const dana = await sandbox.open('dana');
  const tab = await dana.inNewTab(() => dana.page.getByRole('link', { name: 'Connect Slack' }).click());
  await continueToSlack(tab);
  await allow(tab, '#customer-health');
  await tab.getByRole('heading', { name: 'Alerts are active in #customer-health' }).waitFor();
  await tab.getByRole('link', { name: 'Back to Perly' }).click();
  await tab.getByText('You are signed in to Northwind.').waitFor();

  const messages = await dana.channel('customer-health');
  await messages.first().getByText('connected this channel to Perly. Alerts are on.').waitFor();

  await dana.post('Health score drop');
  const alert = messages.nth(1);
  await alert.getByText('Health score dropped to 32 (-18)').waitFor();
  await expect.poll(() => alert.getByTestId('attachment').getAttribute('data-colour')).toBe('#F97316');
  const customer = await dana.inNewTab(() => alert.getByRole('link', { name: 'Open in Perly' }).click());
  await customer.getByRole('heading', { name: 'A customer’s profile' }).waitFor();
  await customer.getByText('cus_acme').waitFor();
});

test('from the App Directory, through linking the account in Perly, to an alert', async ({ sandbox }) => {
  const dana = await sandbox.open('dana');
  const tab = await dana.inNewTab(() =>
    dana.page.getByRole('link', { name: 'Install from the App Directory' }).click(),
  );
  await allow(tab, '#cs-escalations');
  await tab.getByRole('heading', { name: '#cs-escalations is waiting for Perly' }).waitFor();
  const messages = await dana.channel('cs-escalations');
  await messages.first().getByText('One step left: it is waiting for a Perly account.').waitFor();

  const home = await dana.home();
  await home.getByText('⏳ Waiting for a Perly account').waitFor();
  await tab.getByRole('link', { name: 'Link your Perly account' }).click();
  await tab.getByRole('button', { name: 'Link' }).click();
  await tab.getByRole('heading', { name: 'Your Perly account is linked' }).waitFor();
  await tab.getByText('#cs-escalations').waitFor();
  await home.getByText('🟢 Active').waitFor();

  await dana.channel('cs-escalations');
  await dana.post('Critical');
  await messages.last().getByText('Customer at risk').first().waitFor();
});

test('from Home, through Perly and a confirmation back in Home, to a linked channel', async ({ sandbox }) => {
  const dana = await sandbox.open('dana');
  const install = await dana.inNewTab(() =>
    dana.page.getByRole('link', { name: 'Install from the App Directory' }).click(),
  );
  await allow(install, '#cs-escalations');
  await install.getByRole('heading', { name: '#cs-escalations is waiting for Perly' }).waitFor();

  const home = await dana.home();
  await home.getByRole('button', { name: 'Link Perly account' }).click();
  const tab = await dana.inNewTab(() => dana.page.getByRole('link', { name: 'Continue in Perly' }).click());
  await tab.getByRole('button', { name: 'Link' }).click();
  await tab.getByRole('heading', { name: 'Now confirm in Slack' }).waitFor();
  await tab.getByText('Northwind').first().waitFor();

  await dana.page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  await home.getByText('Link this workspace to the Perly account of Northwind?').waitFor();
  await home.getByRole('button', { name: 'Link account' }).click();
  await dana.page.getByText('Linked to Northwind.').waitFor();
  await home.getByText('🟢 Active').waitFor();
});

test('a person who cancels in Slack is told that nothing has changed, and can start again', async ({
  sandbox,
}) => {
  const dana = await sandbox.open('dana');
  const tab = await dana.inNewTab(() => dana.page.getByRole('link', { name: 'Connect Slack' }).click());
  await continueToSlack(tab);
  await tab.getByRole('button', { name: 'Cancel' }).click();
  await tab.getByRole('heading', { name: 'Nothing was connected' }).waitFor();
  await tab.getByRole('link', { name: 'Back to Perly' }).click();
  await tab.getByRole('link', { name: 'Connect Slack' }).click();
  await continueToSlack(tab);
  await allow(tab, '#general');
  await tab.getByRole('heading', { name: 'Alerts are active in #general' }).waitFor();
});
