import type { Locator, Page } from 'playwright-core';

/** Somebody at the local Slack: what they see of it, and what they do. */
export type SlackPage = {
  page: Page;
  /** Goes to a channel. @returns its messages */
  channel(name: string): Promise<Locator>;
  /** Goes to the app's Home tab. */
  home(): Promise<Locator>;
  /** The topmost modal. */
  modal: Locator;
  /** Presses a button of Perly's board, and waits until the app has taken the event. */
  post(button: string): Promise<void>;
  /** What the board says became of the last event: `#channel state`. */
  outcomes: Locator;
  /** Turns the clock on the board. */
  turnClock(button: string): Promise<void>;
  /** Does something that opens a tab. @returns the tab */
  inNewTab(open: () => Promise<void>): Promise<Page>;
};

/** A page is only drawn, and so only quick to press, in the foremost tab of its window. */
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
    async turnClock(button) {
      const turned = page.waitForResponse('**/api/forward');
      await board.getByRole('button', { name: button }).click();
      await turned;
    },
    async inNewTab(open) {
      const tab = page.waitForEvent('popup');
      await open();
      return await tab;
    },
  };
}
