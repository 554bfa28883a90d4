import { elementsOf } from '../../sandbox/slack/find-element.ts';
import type { Browser } from './browser.ts';
import { createHomeDriver } from './home-driver.ts';
import type { TestApp } from './test-app.ts';

/** The text is without markup. */
export type PageText = { status: number; html: string; text: string };

export async function readPage(answer: Response): Promise<PageText> {
  const [, html = ''] = /<main>(.*)<\/main>/s.exec(await answer.text()) ?? [];
  return { status: answer.status, html, text: html.replaceAll(/<[^>]*>/g, ' ') };
}

/** Installs from the App Directory. @returns the page after OAuth */
export async function connectInBrowser(
  { slack, url }: Pick<TestApp, 'slack' | 'url'>,
  browser: Browser,
  where: { channel?: string; user?: string; team?: string } = {},
): Promise<PageText> {
  const { channel = '#customer-health', team } = where;
  const user = where.user ?? (team === undefined ? 'Dana Reyes' : undefined);
  const back = await slack.approve(await browser.follow(`${url}/slack/install`), {
    channel,
    ...(user !== undefined && { user }),
    ...(team !== undefined && { team }),
  });
  return readPage(await browser.get(back));
}

/** @returns the state that Perly receives */
export async function followToPerly(browser: Browser, link: string): Promise<string> {
  return new URL(await browser.follow(link)).searchParams.get('state') ?? '';
}

/** Follows the link on the page after OAuth. @returns the state that Perly receives */
export async function beginInBrowser(browser: Browser, page: PageText): Promise<string> {
  const [, link = ''] = /href="([^"]*\/slack\/link\?[^"]*)"/.exec(page.html) ?? [];
  return followToPerly(browser, link);
}

/** @returns the link of the modal */
export async function linkInHome(running: TestApp, user: string): Promise<string> {
  const driver = createHomeDriver(() => running, user);
  await driver.open('Link Perly account');
  await driver.press('home_link_account', 'Continue in Perly');
  const found = elementsOf(driver.modal()?.content.blocks).find(
    ({ actionId }) => actionId === 'link_to_perly',
  );
  await running.slack.closeView(user, { all: true });
  return String(found?.element.url);
}

/** Chooses an account in Perly, and comes back. */
export async function returnFromPerly(
  running: TestApp,
  browser: Browser,
  options: { state: unknown; accountId?: string; claims?: object; lifetime?: number },
): Promise<PageText> {
  const { state, accountId = 'acct_demo', claims, lifetime } = options;
  const token = await running.perly.connectToken(accountId, { state, ...claims }, lifetime);
  return readPage(await browser.get(`${running.url}/perly/link?token=${token}`));
}
