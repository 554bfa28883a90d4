import { expect } from 'vitest';
import { allow, continueToSlack } from './support/consent.ts';
import { editRules, pick } from './support/home-page.ts';
import { seriousViolations } from './support/serious-violations.ts';
import { test } from './support/test.ts';

test('alerts, Home and the modals of the local Slack have no serious violation', async ({ sandbox }) => {
  await sandbox.connect('#customer-health', '#cs-escalations');
  const dana = await sandbox.open('dana');
  const messages = await dana.channel('customer-health');
  await dana.post('A burst of 40');
  await dana.post('High');
  await messages.last().getByText('Globex').waitFor();
  expect(await seriousViolations(dana.page)).toEqual([]);

  const modal = await editRules(dana, '#customer-health');
  await modal.getByRole('radio', { name: 'Outside business hours: one digest afterwards' }).check();
  await pick(modal, 'Time zone', 'Berlin');
  expect(await seriousViolations(dana.page)).toEqual([]);

  await modal.getByRole('button', { name: 'Cancel' }).click();
  const home = await dana.home();
  expect(await seriousViolations(dana.page)).toEqual([]);
  await home.getByRole('button', { name: 'Activity' }).last().click();
  await dana.modal.getByText('✅ Sent:').first().waitFor();
  expect(await seriousViolations(dana.page)).toEqual([]);
});

test('the pages of connecting and linking have no serious violation', async ({ sandbox }) => {
  const dana = await sandbox.open('dana');
  const begin = (name: string) => dana.inNewTab(() => dana.page.getByRole('link', { name }).click());

  const cancelled = await begin('Connect Slack');
  await cancelled.getByRole('link', { name: 'Continue to Slack' }).waitFor();
  expect(await seriousViolations(cancelled)).toEqual([]);
  await continueToSlack(cancelled);
  await cancelled.getByRole('button', { name: 'Cancel' }).click();
  await cancelled.getByRole('heading', { name: 'Nothing was connected' }).waitFor();
  expect(await seriousViolations(cancelled)).toEqual([]);

  const waiting = await begin('Install from the App Directory');
  expect(await seriousViolations(waiting)).toEqual([]);
  await allow(waiting, '#general');
  await waiting.getByRole('heading', { name: '#general is waiting for Perly' }).waitFor();
  expect(await seriousViolations(waiting)).toEqual([]);
  await waiting.getByRole('link', { name: 'Link your Perly account' }).click();
  await waiting.getByRole('button', { name: 'Link' }).click();
  await waiting.getByRole('heading', { name: 'Your Perly account is linked' }).waitFor();
  expect(await seriousViolations(waiting)).toEqual([]);

  const connected = await begin('Connect Slack');
  await continueToSlack(connected);
  await allow(connected, '#customer-health');
  await connected.getByRole('heading', { name: 'Alerts are active in #customer-health' }).waitFor();
  expect(await seriousViolations(connected)).toEqual([]);
});
