import type { Locator, Page } from 'playwright-core';

/** A person at the local Slack. */
export type SlackPage = {
  page: Page;
  /** @returns its messages */
  channel(name: string): Promise<Locator>;
  home(): Promise<Locator>;
  modal: Locator;
  /** Presses a button of Perly's board, and waits until the app has accepted the event. */
  post(button: string): Promise<void>;
  /** The outcomes of the last event on the board: `#channel state`. */
  outcomes: Locator;
  advanceClock(button: string): Promise<void>;
  /** @returns the tab that opened */
  inNewTab(open: () => Promise<void>): Promise<Page>;
};

/** Brings the tab to the front before each step: only the foremost tab of a window is rendered, so only there clicks are fast. */
export function createSlackPage(page: Page): SlackPage {
  const board = page.getByRole('complementary', { name: 'Board' });
  const sidebar = page.getByRole('navigation');
  return {
    page,
    async channel(name) {
      await page.bringToFront();
      await sidebar.getByRole('link', { name: new RegExp(`^\\W*${name}`) }).click();
      return page.getByRole('log', { name: `Messages in ${name}` }).getByTestId('message');
    },
    async home() {
      await page.bringToFront();
      await sidebar.getByRole('link', { name: 'Perly' }).click();
      return page.getByTestId('home');
    },
    modal: page.getByTestId('modal'),
    async post(button) {
      await page.bringToFront();
      const answered = page.waitForResponse('**/api/perly-event');
      await board.getByRole('button', { name: button, exact: true }).click();
      await answered;
      await board.getByTestId('answer').getByText('202').waitFor();
    },
    outcomes: board.getByTestId('outcomes').getByRole('listitem'),
    async advanceClock(button) {
      const advanced = page.waitForResponse('**/api/forward');
      await board.getByRole('button', { name: button }).click();
      await advanced;
    },
    async inNewTab(open) {
      const tab = page.waitForEvent('popup');
      await open();
      return await tab;
    },
  };
}
