import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { cardOf, inShort } from './support/home-page.ts';
import { test } from './support/test.ts';

/** Presses Tab until something has the focus. */
async function tabTo(wanted: Locator): Promise<void> {
  const { keyboard } = wanted.page();
  await wanted.waitFor();
  for (let steps = 0; steps < 80; steps++) {
    await keyboard.press('Tab');
    if (await wanted.evaluate((element) => element.matches(':focus'))) return;
  }
  throw new Error('Tab does not lead there');
}

test('the rules are edited with the keyboard alone', async ({ sandbox }) => {
  await sandbox.connect('#customer-health');
  const dana = await sandbox.open('dana');
  const { page, modal } = dana;
  const { keyboard } = page;
  await tabTo(page.getByRole('link', { name: 'Perly', exact: true }));
  await keyboard.press('Enter');
  const { rules, controls } = cardOf(page.getByTestId('home'), '#customer-health');
  await tabTo(controls.getByRole('button', { name: 'Edit rules' }));
  await keyboard.press('Enter');
  await inShort(modal, 'all events');

  await tabTo(modal.getByRole('checkbox', { name: 'Upsell opportunity' }));
  await keyboard.press('Space');
  await inShort(modal, /health score drop,? and billing retry failed/);
  await tabTo(modal.getByRole('combobox', { name: 'Risk level' }));
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await inShort(modal, 'of medium risk and above');
  await tabTo(modal.getByRole('radio', { name: 'Off' }));
  await keyboard.press('ArrowDown');
  const zone = modal.getByRole('combobox', { name: 'Time zone' });
  await tabTo(zone);
  await keyboard.type('Berlin');
  await page
    .getByRole('option', { name: /Berlin/ })
    .first()
    .waitFor();
  await keyboard.press('Enter');
  await inShort(modal, 'Berlin');
  await tabTo(modal.getByRole('button', { name: 'Save' }));
  await keyboard.press('Enter');
  await rules.getByText('medium and above · quiet outside Mon–Fri 09:00–17:00, Berlin').waitFor();
});

test('Escape closes a list, then the modal, and nothing is changed', async ({ sandbox }) => {
  await sandbox.connect('#customer-health');
  const dana = await sandbox.open('dana');
  const { keyboard } = dana.page;
  const { rules, controls } = cardOf(await dana.home(), '#customer-health');
  await controls.getByRole('button', { name: 'Edit rules' }).press('Enter');
  await inShort(dana.modal, 'all events');
  await tabTo(dana.modal.getByRole('combobox', { name: 'Risk level' }));
  await keyboard.press('ArrowDown');
  const list = dana.page.getByRole('listbox');
  await list.waitFor();
  await keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  expect(await dana.modal.count()).toBe(1);
  await keyboard.press('Escape');
  await dana.modal.waitFor({ state: 'detached' });
  await rules.getByText('All events · all levels').waitFor();
});
