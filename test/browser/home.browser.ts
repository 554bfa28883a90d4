import { expect } from 'vitest';
import { cardOf, save } from './support/home-page.ts';
import type { SlackPage } from './support/slack-page.ts';
import { test } from './support/test.ts';

const channel = '#customer-health';

async function choose(who: SlackPage, entry: string): Promise<void> {
  const { controls } = cardOf(await who.home(), channel);
  await controls.getByRole('button', { name: 'More actions' }).click();
  await who.page.getByRole('menuitem', { name: entry }).click();
}

test('Home from no channel to one and back to none', async ({ sandbox }) => {
  const dana = await sandbox.open('dana');
  await dana.page.getByText('None yet. Connect Slack on the board at the right.').waitFor();
  await sandbox.connect(channel);

  const home = await dana.home();
  const card = cardOf(home, channel);
  await card.state.getByText('🟢 Active').waitFor();

  await choose(dana, 'Send a test alert');
  await dana.modal.getByText('✅ A test alert was sent to #customer-health.').waitFor();
  await dana.modal.getByRole('button', { name: 'Close' }).last().click();

  await card.controls.getByRole('button', { name: 'Pause' }).click();
  await dana.modal.getByRole('radio', { name: 'Until someone resumes it' }).check();
  await save(dana, 'Pause');
  await card.state.getByText('⏸️ Paused until someone resumes it').waitFor();
  await dana.post('Critical');
  await dana.outcomes.filter({ hasText: 'paused' }).waitFor();
  await card.controls.getByRole('button', { name: 'Resume' }).click();
  await card.state.getByText('🟢 Active').waitFor();

  await choose(dana, 'Disconnect');
  await dana.modal.getByText('Disconnect #customer-health? It will get no more alerts from Perly.').waitFor();
  await save(dana, 'Disconnect');
  await home.getByText('No channels are connected yet.').waitFor();
  expect(await home.getByRole('link', { name: 'Connect a channel' }).count()).toBe(1);
});

test('a person who is not a manager sees the channel and whom to ask, and no buttons', async ({
  sandbox,
}) => {
  await sandbox.connect(channel);
  const milo = await sandbox.open('milo');
  const home = await milo.home();
  await home.getByText('Managed by @Dana Reyes').waitFor();
  expect(await home.getByRole('button').count()).toBe(0);
});

test('Move to another channel takes the rules along', async ({ sandbox }) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  const tab = await dana.inNewTab(() => choose(dana, 'Move to another channel'));
  await tab.getByLabel('Where should Perly post?').selectOption({ label: '#cs-escalations' });
  await tab.getByRole('button', { name: 'Allow' }).click();
  await tab.getByRole('heading', { name: 'Moved to #cs-escalations' }).waitFor();
  const home = await dana.home();
  await cardOf(home, '#cs-escalations').state.getByText('🟢 Active').waitFor();
  expect(await home.getByText(channel).count()).toBe(0);
});
