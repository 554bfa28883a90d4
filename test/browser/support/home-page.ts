import type { Locator } from 'playwright-core';
import type { SlackPage } from './slack-page.ts';

/** What Home shows of a channel: its blocks, one after the other. */
export type Card = {
  /** The channel's name and its rules in one line. */
  rules: Locator;
  state: Locator;
  /** Its buttons and its menu. */
  controls: Locator;
};

/** @param channel with its `#` */
export function cardOf(home: Locator, channel: string): Card {
  const rules = home.locator('.block.section').filter({ hasText: channel });
  const next = (kind: string) => rules.locator(`xpath=following-sibling::*[contains(@class, "${kind}")][1]`);
  return { rules, state: next('context'), controls: next('actions') };
}

/** Opens the rules of a channel in Home, and waits until they are there. */
export async function editRules(who: SlackPage, channel: string): Promise<Locator> {
  const { controls } = cardOf(await who.home(), channel);
  await controls.getByRole('button', { name: 'Edit rules' }).click();
  await inShort(who.modal, '');
  return who.modal;
}

/** Waits until the modal of the rules says so of them. */
export async function inShort(modal: Locator, words: string | RegExp): Promise<void> {
  await modal.locator('.block.section').filter({ hasText: 'In short:' }).filter({ hasText: words }).waitFor();
}

/** Presses the button that submits the modal, and waits until it is closed. */
export async function save({ modal }: SlackPage, name = 'Save'): Promise<void> {
  await modal.getByRole('button', { name, exact: true }).click();
  await modal.waitFor({ state: 'detached' });
}

/** Chooses an entry of a field with a list, by what is typed. */
export async function pick(modal: Locator, field: string, typed: string): Promise<void> {
  await modal.getByRole('combobox', { name: field }).click();
  await modal.getByRole('combobox', { name: field }).pressSequentially(typed);
  await modal.page().getByRole('option', { name: typed }).first().click();
}
