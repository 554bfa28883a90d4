import type { Locator } from 'playwright-core';
import type { SlackPage } from './slack-page.ts';

/** A channel's blocks in Home. */
export type Card = {
  rules: Locator;
  state: Locator;
  controls: Locator;
};

/** @param channel with its `#` */
export function cardOf(home: Locator, channel: string): Card {
  const rules = home.locator('.block.section').filter({ hasText: channel });
  const next = (kind: string) => rules.locator(`xpath=following-sibling::*[contains(@class, "${kind}")][1]`);
  return { rules, state: next('context'), controls: next('actions') };
}

/** Waits until the fields are there. */
export async function editRules(who: SlackPage, channel: string): Promise<Locator> {
  const { controls } = cardOf(await who.home(), channel);
  await controls.getByRole('button', { name: 'Edit rules' }).click();
  await inShort(who.modal, '');
  return who.modal;
}

/** Waits until the rules modal contains `words`. */
export async function inShort(modal: Locator, words: string | RegExp): Promise<void> {
  await modal.locator('.block.section').filter({ hasText: 'In short:' }).filter({ hasText: words }).waitFor();
}

/** Waits until the modal is closed. */
export async function save({ modal }: SlackPage, name = 'Save'): Promise<void> {
  await modal.getByRole('button', { name, exact: true }).click();
  await modal.waitFor({ state: 'detached' });
}

/** Chooses an entry by typing a part of it. */
export async function pick(modal: Locator, field: string, typed: string): Promise<void> {
  await modal.getByRole('combobox', { name: field }).click();
  await modal.getByRole('combobox', { name: field }).pressSequentially(typed);
  await modal.page().getByRole('option', { name: typed }).first().click();
}
