import { expect } from 'vitest';
import type { Choice } from '../../sandbox/slack/element-values.ts';
import { elementsOf } from '../../sandbox/slack/find-element.ts';
import type { Submitted } from '../../sandbox/slack/view-response.ts';
import type { View } from '../../sandbox/slack/views.ts';
import type { TestApp } from './test-app.ts';
import { textOf } from './view-text.ts';

/** Uses App Home as a person does. */
export type HomeDriver = {
  /** Waits until Home, read after this call, contains `words`. @returns its whole text */
  open(words?: string): Promise<string>;
  home(): string;
  modal(): View | undefined;
  modalText(): string;
  /** Waits until a modal contains `words`. */
  press(actionId: string, words: string | RegExp, choice?: string, blockId?: string): Promise<void>;
  use(actionId: string, options?: { blockId?: string; choice?: Choice }): Promise<void>;
  submit(values?: Record<string, Choice>): Promise<Submitted>;
  /** Waits until the fields are there. */
  editRules(): Promise<void>;
  /** Waits until the modal contains `words`. */
  choose(field: string, choice: Choice, words: string | RegExp): Promise<void>;
  /** The block id of a field, whichever generation it is of. */
  field(name: string): string;
};

/** @param user handle or id @param teamId by default the person's home workspace */
export function createHomeDriver(running: () => TestApp, user: string, teamId?: string): HomeDriver {
  const where = teamId === undefined ? {} : { teamId };
  const slack = () => running().slack;

  async function openOnce(): Promise<void> {
    const before = slack().home(user, teamId)?.hash;
    expect((await slack().openHome(user, teamId)).status).toBe(200);
    await expect.poll(() => slack().home(user, teamId)?.hash).not.toBe(before);
  }

  const driver: HomeDriver = {
    async open(words = '') {
      // A Home that was being published may have been read before; the next one was not.
      await openOnce();
      await openOnce();
      await expect.poll(() => driver.home()).toContain(words);
      return driver.home();
    },
    home: () => textOf(slack().home(user, teamId)),
    modal: () => slack().modals(user, teamId).at(-1),
    modalText: () => textOf(driver.modal()),
    async press(actionId, words, choice, blockId) {
      const answer = await slack().click({
        user,
        ...where,
        on: 'home',
        actionId,
        ...(choice !== undefined && { choice }),
        ...(blockId !== undefined && { blockId }),
      });
      expect(answer.status).toBe(200);
      await expect.poll(() => driver.modalText()).toMatch(words);
    },
    async use(actionId, options = {}) {
      const answer = await slack().click({ user, ...where, on: 'modal', actionId, ...options });
      expect(answer.status).toBe(200);
    },
    editRules: () => driver.press('channel_edit_rules', 'In short'),
    async choose(field, choice, words) {
      const actionId =
        { timeZone: 'rules_time_zone', calendar: 'rules_holidays', owners: 'rules_owners' }[field] ??
        'rules_field';
      await driver.use(actionId, { blockId: driver.field(field), choice });
      await expect.poll(() => driver.modalText()).toMatch(words);
    },
    submit: (values) => slack().submitView(user, values, teamId),
    field(name) {
      const found = elementsOf(driver.modal()?.content.blocks).find(({ blockId }) =>
        blockId.startsWith(`${name} `),
      );
      if (found === undefined) throw new Error(`the modal has no field ${name}`);
      return found.blockId;
    },
  };
  return driver;
}
