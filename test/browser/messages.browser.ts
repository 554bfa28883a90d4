import { expect } from 'vitest';
import { readSample } from '../../sandbox/perly/read-sample.ts';
import { postTogether } from '../support/post-together.ts';
import { cardOf, pick } from './support/home-page.ts';
import { test } from './support/test.ts';

const channel = '#customer-health';

test('a few alerts that come together keep their layout, each with its own buttons', async ({ stage }) => {
  await stage.connect(channel);
  const { perly, slack, config } = stage.demo;
  const events = ['seed-example', 'customer-at-risk', 'billing-retry-failed'].map((name) =>
    readSample(name, config.perly.appUrl),
  );
  await postTogether({ perly, slack }, channel, events);
  await slack.waitForMessages(2, undefined, channel);
  const dana = await stage.open('dana');
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
  await pick(alertOf('Globex'), 'Mute customer', 'Mute 1 day');
  await dana.page.getByRole('alertdialog').getByRole('button', { name: 'Mute' }).click();
  await alertOf('Globex').getByText('Muted until').waitFor();
  for (const customer of ['Globex', 'Hooli'])
    await alertOf(customer).getByRole('button', { name: 'Acknowledge' }).waitFor();
  expect(await messages.getByText('✓ Acknowledged by').count()).toBe(1);
});

test('anybody can acknowledge an alert, and only a manager can mute its customer', async ({ stage }) => {
  await stage.connect(channel);
  const dana = await stage.open('dana');
  const milo = await stage.open('milo');
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

  const answer = (of: typeof dana, name: string) =>
    of.page.getByRole('alertdialog', { name: 'Mute this customer?' }).getByRole('button', { name }).click();
  await pick(miloSees, 'Mute customer', 'Mute 1 week');
  await answer(milo, 'Mute');
  const onlyMilo = 'Only @Dana Reyes can mute customers in this channel.';
  await milo.page.getByText(onlyMilo).waitFor();
  expect(await dana.page.getByText(onlyMilo).count()).toBe(0);

  await pick(danaSees, 'Mute customer', 'Mute 1 week');
  await answer(dana, 'Cancel');
  expect(await danaSees.getByText('Muted until').count()).toBe(0);
  await pick(danaSees, 'Mute customer', 'Mute 1 week');
  await answer(dana, 'Mute');
  await miloSees.getByText('by @Dana Reyes').waitFor();
  await dana.post('Critical');
  await dana.outcomes.filter({ hasText: 'customer_muted' }).waitFor();

  await danaSees.getByRole('button', { name: 'Unmute' }).click();
  await danaSees.getByText('Muted until').waitFor({ state: 'detached' });
  await pick(danaSees, 'Mute customer', 'Mute 1 week');
  await answer(dana, 'Mute');
  await miloSees.getByText('by @Dana Reyes').waitFor();

  const { controls } = cardOf(await dana.home(), channel);
  await controls.getByRole('button', { name: 'Activity' }).click();
  await dana.modal.getByText('Not sent: the customer is muted in this channel').waitFor();
  await dana.modal.getByRole('button', { name: 'Unmute Globex' }).click();
  await dana.modal.getByText('🔕').waitFor({ state: 'detached' });
  await dana.modal.getByRole('button', { name: 'Close' }).last().click();
  await dana.post('Critical');
  await dana.outcomes.filter({ hasText: 'sent' }).waitFor();
});
