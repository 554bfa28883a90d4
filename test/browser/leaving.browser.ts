import { expect } from 'vitest';
import { allow, continueToSlack } from './support/consent.ts';
import { cardOf, editRules, save } from './support/home-page.ts';
import { test } from './support/test.ts';

test('another channel is added from Home, and serves the same account', async ({ sandbox }) => {
  await sandbox.connect('#customer-health');
  const dana = await sandbox.open('dana');
  const home = await dana.home();
  const tab = await dana.inNewTab(() => home.getByRole('link', { name: 'Add channel' }).click());
  await allow(tab, '#billing-alerts');
  await tab.getByRole('heading', { name: 'Alerts are active in #billing-alerts' }).waitFor();

  await dana.home();
  await cardOf(home, '#billing-alerts').state.getByText('🟢 Active').waitFor();
  await dana.post('Critical');
  const messages = await dana.channel('billing-alerts');
  await messages.last().getByText('Customer at risk').first().waitFor();
});

test('Perly is removed from the workspace, comes back, and finds its rules', async ({ sandbox }) => {
  // An uninstall within minutes of the install is verified with the present token, which is dead.
  sandbox.expectErrors(/^Slack refused: account_inactive account_inactive \(auth\.test\)$/);
  await sandbox.connect('#customer-health');
  const dana = await sandbox.open('dana');
  const modal = await editRules(dana, '#customer-health');
  await modal.getByRole('button', { name: 'Escalations' }).click();
  await modal.getByText('In short: This channel gets customer at risk').waitFor();
  await save(dana);
  await cardOf(await dana.home(), '#customer-health')
    .rules.getByText('high and critical')
    .waitFor();

  await dana.page.getByRole('button', { name: 'Remove Perly from the workspace' }).click();
  await expect.poll(() => dana.page.getByTestId('home').getByText('high and critical').count()).toBe(0);

  const tab = await dana.inNewTab(() => dana.page.getByRole('link', { name: 'Connect Slack' }).click());
  await continueToSlack(tab);
  await allow(tab, '#customer-health');
  await tab.getByText('Unchanged.').waitFor();
  // Slack requests Home when it is opened, and it was open.
  await dana.channel('customer-health');
  const home = await dana.home();
  await cardOf(home, '#customer-health').rules.getByText('Customer at risk · high and critical').waitFor();
});
