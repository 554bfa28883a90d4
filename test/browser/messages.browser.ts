import { expect } from 'vitest';
import { readSample } from '../../sandbox/perly/read-sample.ts';
import { postTogether } from '../support/post-together.ts';
import { cardOf, editRules, inShort, pick, save } from './support/home-page.ts';
import { test } from './support/test.ts';

const channel = '#customer-health';

test('a few alerts that come together keep their layout, each with its own buttons', async ({ sandbox }) => {
  await sandbox.connect(channel);
  const { perly, slack, config } = sandbox.demo;
  const events = ['seed-example', 'customer-at-risk', 'billing-retry-failed'].map((name) =>
    readSample(name, config.perly.appUrl),
  );
  await postTogether({ perly, slack }, channel, events);
  await slack.waitForMessages(2, undefined, channel);
  const dana = await sandbox.open('dana');
  // Opens at the first channel with messages.
  const messages = dana.page.getByRole('log', { name: 'Messages in customer-health' }).getByTestId('message');
  const alertOf = (customer: string) => messages.getByTestId('attachment').filter({ hasText: customer });
  const customers = ['Globex', 'Acme Corp', 'Hooli'];
  await expect.poll(() => messages.last().getByTestId('attachment').count()).toBe(customers.length);
  for (const customer of customers) {
    await alertOf(customer).getByRole('link', { name: 'Open in Perly' }).waitFor();
    await alertOf(customer).getByRole('button', { name: 'Acknowledge' }).waitFor();
  }

  await alertOf('Acme Corp').getByRole('button', { name: 'Acknowledge' }).click();
  await alertOf('Acme Corp').getByText('✓ Acknowledged by @Dana Reyes').waitFor();
  await alertOf('Globex').getByRole('button', { name: 'Mute customer…' }).click();
  await save(dana, 'Mute');
  await alertOf('Globex').getByText('Muted until').waitFor();
  for (const customer of ['Globex', 'Hooli'])
    await alertOf(customer).getByRole('button', { name: 'Acknowledge' }).waitFor();
  expect(await messages.getByText('✓ Acknowledged by').count()).toBe(1);
});

test('Activity tells why an alert about a customer did not come', async ({ sandbox }) => {
  await sandbox.connect(channel, '#cs-escalations');
  const dana = await sandbox.open('dana');
  const rules = await editRules(dana, '#cs-escalations');
  await rules.getByRole('button', { name: 'Escalations: ' }).click();
  await inShort(rules, /gets (?!all events)/);
  await save(dana);
  for (const button of ['Expansion signal', 'Upsell opportunity', 'Billing retry failed', 'Critical'])
    await dana.post(button);
  await dana.outcomes.filter({ hasText: 'sent' }).first().waitFor();

  const { controls } = cardOf(await dana.home(), '#cs-escalations');
  await controls.getByRole('button', { name: 'Activity' }).click();
  const { modal } = dana;
  await modal.getByText('3 events suppressed: their type is off in the rules').waitFor();
  await modal.getByText('✅ Sent:').waitFor();
  await pick(modal, 'Show', 'Suppressed');
  await modal.getByText('✅ Sent:').waitFor({ state: 'detached' });
  await pick(modal, 'Customer', 'Initech');
  await modal.getByText('Suppressed: this event type is off in the rules · received:').waitFor();
  expect(await modal.getByText('Hooli').count()).toBe(0);
  await pick(modal, 'Customer', 'All customers');
  await modal.getByText('3 events suppressed').waitFor();
  await pick(modal, 'Show', 'Failed');
  await modal.getByText('Nothing like this in the last 30 days.').waitFor();
});

test('anybody can acknowledge an alert, and only a manager can mute its customer', async ({ sandbox }) => {
  await sandbox.connect(channel);
  const dana = await sandbox.open('dana');
  const milo = await sandbox.open('milo');
  await dana.post('High');
  const danaSees = (await dana.channel('customer-health')).filter({ hasText: 'Globex' });
  const miloSees = (await milo.channel('customer-health')).filter({ hasText: 'Globex' });

  await miloSees.getByRole('button', { name: 'Acknowledge' }).click();
  await danaSees.getByText('✓ Acknowledged by @Milo Park').waitFor();
  const acknowledge = danaSees.getByRole('button', { name: 'Acknowledge', exact: true });
  await expect.poll(() => acknowledge.count()).toBe(0);
  await danaSees.getByRole('button', { name: 'Undo acknowledge' }).click();
  await miloSees.getByText('Acknowledgement undone by @Dana Reyes').waitFor();
  await acknowledge.click();
  await miloSees.getByText('✓ Acknowledged by @Dana Reyes').waitFor();
  await miloSees.getByRole('button', { name: 'Undo acknowledge' }).click();
  await milo.page.getByText('Only @Dana Reyes, who acknowledged it').waitFor();

  const askToMute = (of: typeof danaSees) => of.getByRole('button', { name: 'Mute customer…' }).click();
  await askToMute(miloSees);
  const onlyMilo = 'Only @Dana Reyes can mute customers in this channel.';
  await milo.page.getByText(onlyMilo).waitFor();
  expect(await dana.page.getByText(onlyMilo).count()).toBe(0);

  await askToMute(danaSees);
  await dana.modal.getByText('Mute Globex?').waitFor();
  await dana.modal.getByRole('button', { name: 'Cancel' }).click();
  expect(await danaSees.getByText('Muted until').count()).toBe(0);
  await askToMute(danaSees);
  await dana.modal.getByRole('radio', { name: 'Until a date…' }).click();
  const until = dana.modal.getByLabel('Until', { exact: true });
  await until.fill('2020-01-01T09:00');
  await dana.modal.getByLabel('Reason').fill('Moves to <another> plan');
  await dana.modal.getByRole('button', { name: 'Mute', exact: true }).click();
  await dana.modal.getByText('Choose a time in the future.').waitFor();
  await until.fill('2095-12-24T13:00');
  await save(dana, 'Mute');
  await miloSees.getByText('by @Dana Reyes').first().waitFor();
  await miloSees.getByText('Reason: Moves to <another> plan').waitFor();
  await dana.post('Critical');
  await dana.outcomes.filter({ hasText: 'customer_muted' }).waitFor();

  await danaSees.getByRole('button', { name: 'Unmute' }).click();
  await danaSees.getByText('Muted until').waitFor({ state: 'detached' });
  await askToMute(danaSees);
  await save(dana, 'Mute');
  await miloSees.getByText('Muted until').waitFor();

  const { controls } = cardOf(await dana.home(), channel);
  await controls.getByRole('button', { name: 'Activity' }).click();
  await dana.modal.getByText('Suppressed: the customer is muted in this channel').waitFor();
  await dana.modal.getByRole('button', { name: 'Close' }).last().click();
  await controls.getByRole('button', { name: 'More actions' }).click();
  await dana.page.getByRole('menuitem', { name: 'Muted customers' }).click();
  await dana.modal.getByRole('button', { name: 'Unmute Globex' }).click();
  await dana.modal.getByText('No customer is muted').waitFor();
  await dana.modal.getByRole('button', { name: 'Close' }).last().click();
  await dana.post('Critical');
  await dana.outcomes.filter({ hasText: 'sent' }).waitFor();
});
