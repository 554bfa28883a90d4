import { allow, continueToSlack } from './support/consent.ts';
import { cardOf, save } from './support/home-page.ts';
import { test } from './support/test.ts';

test('a direct message is refused, a channel is chosen instead, and links open Slack', async ({
  sandbox,
}) => {
  sandbox.expectErrors(
    /oauth_redirect\?code=\S+ Failed to load resource: the server responded with a status of 400/,
  );
  const dana = await sandbox.open('dana');
  const tab = await dana.inNewTab(() => dana.page.getByRole('link', { name: 'Connect Slack' }).click());
  await continueToSlack(tab);
  await allow(tab, '@slackbot');
  await tab.getByRole('heading', { name: 'Please choose a channel' }).waitFor();
  await tab.getByRole('link', { name: 'Remove the webhook in Slack' }).click();
  await tab.getByRole('button', { name: 'Remove' }).click();
  await tab.getByText('It was removed.').waitFor();
  await tab.close();

  await sandbox.connect('#customer-health');
  const welcome = (await dana.channel('customer-health')).last();
  const opened = await dana.inNewTab(() => welcome.getByRole('link', { name: 'Change the rules' }).click());
  const { controls } = cardOf(opened.getByTestId('home'), '#customer-health');
  await controls.getByRole('button', { name: 'Edit rules' }).waitFor();

  const home = await dana.home();
  const card = cardOf(home, '#customer-health');
  await card.controls.getByRole('button', { name: 'More actions' }).click();
  await dana.page.getByRole('menuitem', { name: 'Disconnect' }).click();
  await dana.modal.getByText('Left in Slack:').waitFor();
  const webhook = await dana.inNewTab(() =>
    dana.modal.getByRole('link', { name: 'Manage in Slack' }).click(),
  );
  await webhook.getByText('Posts to customer-health.').waitFor();
  await dana.page.bringToFront();
  await save(dana, 'Disconnect');
  await home.getByText('No channels are connected yet.').waitFor();
});
