import { expect } from 'vitest';
import { allow } from './support/consent.ts';
import { cardOf, save } from './support/home-page.ts';
import { test } from './support/test.ts';

test('a person of two workspaces of an organisation changes the channel of the workspace they are in', async ({
  sandbox,
}) => {
  const { slack, perly } = sandbox.demo;
  for (const [team, channel] of [
    ['Acme East', '#east-health'],
    ['Acme West', '#west-health'],
  ] as const) {
    const answer = await slack.install(await perly.installUrl('acct_demo'), {
      team,
      channel,
      user: 'Wanda Ito',
    });
    expect(answer.status).toBe(200);
  }
  const east = await sandbox.open('wanda@acme-east');
  await cardOf(await east.home(), 'east-health')
    .state.getByText('🟢 Active')
    .waitFor();
  const west = await sandbox.open('wanda@acme-west');
  const { controls, state } = cardOf(await west.home(), 'west-health');
  await controls.getByRole('button', { name: 'Pause' }).click();
  await save(west, 'Pause');
  await state.getByText('Paused').waitFor();
  await cardOf(await east.home(), 'east-health')
    .state.getByText('🟢 Active')
    .waitFor();
});

test('somebody of another organisation reads the alerts of a shared channel, and is told why they cannot acknowledge', async ({
  sandbox,
}) => {
  await sandbox.connect('#acme-globex');
  const dana = await sandbox.open('dana');
  await dana.post('Critical');
  const olga = await sandbox.open('olga@globex');
  const messages = await olga.channel('acme-globex');
  await messages.last().getByRole('button', { name: 'Acknowledge' }).click();
  await messages.getByText('Only people of the organisation that connected this channel').waitFor();

  const { controls } = cardOf(await dana.home(), '#acme-globex');
  await controls.getByRole('button', { name: 'More actions' }).click();
  await dana.page.getByRole('menuitem', { name: 'Who can manage' }).click();
  await dana.modal.getByRole('checkbox', { name: 'People from other organisations' }).check();
  await save(dana);
  await olga.page.bringToFront();
  await messages.getByRole('button', { name: 'Acknowledge' }).first().click();
  await messages.getByText('Acknowledged by').first().waitFor();
  const seen = await dana.channel('acme-globex');
  await seen.getByText('Acknowledged by @Olga Berg').first().waitFor();
});

test('once somebody of another organisation was seen in a channel, Home says so, and so do its page and first message', async ({
  sandbox,
}) => {
  await sandbox.connect('#acme-globex');
  const dana = await sandbox.open('dana');
  await dana.post('Critical');
  const home = await dana.home();
  const { state } = cardOf(home, '#acme-globex');
  await state.getByText('🟢 Active').waitFor();
  expect(await state.getByText('shared with another organisation').count()).toBe(0);

  const olga = await sandbox.open('olga@globex');
  const messages = await olga.channel('acme-globex');
  const tab = await olga.inNewTab(() => messages.last().getByRole('link', { name: 'Open in Perly' }).click());
  await tab.close();
  await dana.home();
  await state.getByText('shared with another organisation').waitFor();

  const added = await dana.inNewTab(() => home.getByRole('link', { name: 'Add channel' }).click());
  await allow(added, '#acme-globex');
  await added.getByText('This channel is shared with another organisation.').waitFor();
  const all = await dana.channel('acme-globex');
  await all.last().getByText('This channel is shared with another organisation').waitFor();
});
