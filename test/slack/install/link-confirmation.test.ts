import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { dayMs } from '../../../src/lib/time.ts';
import type { SlackLinks } from '../../../src/slack/install/slack-links.ts';
import { openBrowser } from '../../support/browser.ts';
import { emptyDatabase } from '../../support/empty-database.ts';
import { createHomeDriver } from '../../support/home-driver.ts';
import {
  connectInBrowser,
  followToPerly,
  linkInHome,
  readPage,
  returnFromPerly,
} from '../../support/linking.ts';
import { slackLinksOf } from '../../support/slack-links-of.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';
import { listControls, textOf } from '../../support/view-text.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ paceMs: shortPaceMs, slack: { enforceRate: false } });
});
beforeEach(async () => {
  await emptyDatabase(running.db);
  for (const user of ['dana', 'milo'])
    if (running.slack.modals(user).length > 0) await running.slack.closeView(user, { all: true });
  await connectInBrowser(running, openBrowser(), { channel: '#customer-health', user: 'Dana Reyes' });
  await connectInBrowser(running, openBrowser(), { channel: '#billing-alerts', user: 'Milo Park' });
});
afterAll(() => running.close());

const dana = { teamId: 'T0ACMECS001', userId: 'U0DANA00001' };
const danasHome = createHomeDriver(() => running, 'dana');
const milosHome = createHomeDriver(() => running, 'milo');

const confirmations = () => running.db.collection('linkConfirmations');
/** Milo's #billing-alerts, then Dana's #customer-health. */
const accounts = async () =>
  (
    await running.db
      .collection('channels')
      .find({}, { sort: { _id: 1 } })
      .toArray()
  ).map(({ accountId }) => accountId);

function slackLinks(clock = systemClock): SlackLinks {
  return slackLinksOf(running, clock);
}

/** Begins in Dana's Home, chooses an account in Perly, and comes back. */
async function askDana(accountId: string, name: string, browser = openBrowser()) {
  const state = await followToPerly(browser, await linkInHome(running, 'dana'));
  return returnFromPerly(running, browser, { state, accountId, claims: { name } });
}

const press = (user: string, actionId: string) => running.slack.click({ user, on: 'home', actionId });

describe('linking from the App Home', () => {
  test('accepts a confirmation by the person who started it, and links what they manage', async () => {
    const page = await askDana('acct_demo', 'Acme & *Sons*_Inc_');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Now confirm in Slack');
    expect(page.text).toContain('Acme &amp; *Sons*_Inc_');
    expect(page.html).toMatch(/href="[^"]*\/app_redirect\?app=A\w+&amp;team=T0ACMECS001"/);
    expect(await accounts()).toEqual([null, null]);

    await expect
      .poll(() => danasHome.home())
      .toContain('Link this workspace to the Perly account of Acme & *Sons*_Inc_?');
    expect(listControls(running.slack.home('dana'))).not.toContain('home_link_account');
    await milosHome.open('One of your channels is waiting');
    expect(milosHome.home()).not.toContain('Acme');
    expect(listControls(running.slack.home('milo'))).not.toContain('home_confirm_link');

    await danasHome.press('home_confirm_link', /^Linked to Acme & \*Sons\*_Inc_\.\n.*<#C0HEALTH001>/m);
    expect(await accounts()).toEqual([null, 'acct_demo']);
    expect(await confirmations().countDocuments()).toBe(0);
    await expect.poll(() => danasHome.home()).not.toContain('Link this workspace');
  });

  test.each(['expired_trigger_id', 'internal_error'])(
    'is done also where Slack shows no modal for it: %s',
    async (error) => {
      await askDana('acct_demo', 'Acme');
      await expect.poll(() => listControls(running.slack.home('dana'))).toContain('home_confirm_link');
      running.slack.failApi('views.open', { error }, 1);
      await press('dana', 'home_confirm_link');
      await expect.poll(accounts).toEqual([null, 'acct_demo']);
      await expect.poll(() => danasHome.home()).not.toContain('Link this workspace');
      expect(running.slack.modals('dana')).toEqual([]);
      running.slack.clearFaults();
    },
  );

  test('can be cancelled, and started again', async () => {
    await askDana('acct_demo', 'Acme');
    await expect.poll(() => listControls(running.slack.home('dana'))).toContain('home_cancel_link');
    await press('dana', 'home_cancel_link');
    await expect.poll(() => listControls(running.slack.home('dana'))).toContain('home_link_account');
    expect(await confirmations().countDocuments()).toBe(0);
    expect(await accounts()).toEqual([null, null]);
    await askDana('acct_demo', 'Acme');
    await expect.poll(() => danasHome.home()).toContain('Link this workspace to the Perly account of Acme');
  });

  test('is asked and answered in other processes too', async () => {
    await askDana('acct_demo', 'Acme');
    const next = await startTestApp({ beside: running });
    running.slack.setAppUrl(next.url);
    await danasHome.open('Link this workspace to the Perly account of Acme');
    await danasHome.press('home_confirm_link', 'Linked to Acme');
    running.slack.setAppUrl(running.url);
    await next.close();
    expect(await accounts()).toEqual([null, 'acct_demo']);
  });

  test('the page after Perly says the same when it is reloaded', async () => {
    const browser = openBrowser();
    const state = await followToPerly(browser, await linkInHome(running, 'dana'));
    await returnFromPerly(running, browser, { state });
    expect(await returnFromPerly(running, browser, { state })).toMatchObject({
      status: 200,
      text: expect.stringContaining('Now confirm in Slack'),
    });
  });

  test('also asks somebody who just installed the app: the link may come from somebody else', async () => {
    const browser = openBrowser();
    await connectInBrowser(running, browser, { channel: '#revenue-signals', user: 'Dana Reyes' });
    expect((await askDana('acct_demo', 'Acme', browser)).text).toContain('Now confirm in Slack');
    expect(await accounts()).toEqual([null, null, null]);
  });
});

describe('a link to send to a Perly admin', () => {
  test('is on the page after the install: the admin agrees in Perly, and who sent it confirms within a day', async () => {
    const page = await connectInBrowser(running, openBrowser(), { channel: '#general', user: 'Dana Reyes' });
    expect(page.text).toContain('Send this to your Perly admin');
    const [, link = ''] = /<p class="copy">([^<]*)<\/p>/.exec(page.html) ?? [];
    const admin = openBrowser();
    const state = await followToPerly(admin, link);
    const back = await returnFromPerly(running, admin, { state, claims: { name: 'Acme' } });
    expect(back.text).toContain('Now they confirm in Slack');
    expect(await accounts()).toEqual([null, null, null]);
    const asked = await confirmations().findOne({});
    expect(asked?.expiresAt.getTime() - asked?.askedAt.getTime()).toBe(dayMs);

    await danasHome.open('Link this workspace to the Perly account of Acme?');
    await danasHome.press('home_confirm_link', /^Linked to Acme\./m);
    expect(await accounts()).toEqual([null, 'acct_demo', 'acct_demo']);
  });

  test('is in the window of Link Perly account, too', async () => {
    await danasHome.open('Link Perly account');
    await danasHome.press('home_link_account', 'Send this to your Perly admin');
    const [link = ''] = /http\S*\/slack\/link\?link=[\w.-]+/.exec(danasHome.modalText()) ?? [];
    await running.slack.closeView('dana', { all: true });
    const admin = openBrowser();
    const back = await returnFromPerly(running, admin, { state: await followToPerly(admin, link) });
    expect(back.text).toContain('Now they confirm in Slack');
  });

  test('works once, and for a week', async () => {
    const link = await slackLinks().sendOn(dana);
    for (const accountId of ['acct_demo', 'acct_other']) {
      const admin = openBrowser();
      const state = await followToPerly(admin, link);
      const { status } = await returnFromPerly(running, admin, { state, accountId });
      expect([accountId, status]).toEqual([accountId, accountId === 'acct_demo' ? 200 : 403]);
    }
    const at = (ms: number) => ({ ...systemClock, now: () => new Date(Date.now() - ms) });
    const almost = await slackLinks(at(7 * dayMs - 60_000)).sendOn(dana);
    expect(await followToPerly(openBrowser(), almost)).not.toBe('');
    const old = await readPage(await openBrowser().get(await slackLinks(at(7 * dayMs + 1000)).sendOn(dana)));
    expect(old).toMatchObject({ status: 403, text: expect.stringContaining('no longer valid') });
  });

  test('links nothing of somebody else', async () => {
    const admin = openBrowser();
    const state = await followToPerly(admin, await slackLinks().sendOn(dana));
    await returnFromPerly(running, admin, { state });
    await milosHome.open('One of your channels is waiting');
    expect(listControls(running.slack.home('milo'))).not.toContain('home_confirm_link');
    await danasHome.open('Link this workspace to');
    await danasHome.press('home_confirm_link', 'Linked to');
    expect(await accounts()).toEqual([null, 'acct_demo']);
  });
});

describe('nobody links what is not theirs', () => {
  test('an "Add channel" link of a colleague does not start linking', async () => {
    const link = await slackLinks().addChannel(dana);
    const page = await readPage(await openBrowser().get(link.replace('/slack/install', '/slack/link')));
    expect(page).toMatchObject({ status: 403, text: expect.stringContaining('no longer valid') });
  });

  test('a link to Perly does not connect a channel', async () => {
    const link = await slackLinks().linkAccount(dana);
    const page = await readPage(await openBrowser().get(link.replace('/slack/link', '/slack/install')));
    expect(page.status).toBe(403);
  });

  test('a link older than ten minutes does not start linking', async () => {
    const old = { ...systemClock, now: () => new Date(Date.now() - 601_000) };
    const page = await readPage(await openBrowser().get(await slackLinks(old).linkAccount(dana)));
    expect(page).toMatchObject({ status: 403, text: expect.stringContaining('no longer valid') });
  });

  test('no link is prepared in a Home', async () => {
    await danasHome.open('Link Perly account');
    expect(JSON.stringify(running.slack.home('dana'))).not.toContain('/slack/link');
  });

  test('a link that somebody else used for their own account asks its person, and names the account', async () => {
    const state = await followToPerly(openBrowser(), await linkInHome(running, 'dana'));
    await returnFromPerly(running, openBrowser(), {
      state,
      accountId: 'acct_evil',
      claims: { name: 'Evil Corp' },
    });
    await expect.poll(() => danasHome.home()).toContain('Evil Corp');
    expect(await accounts()).toEqual([null, null]);
  });

  test('a link works once, whichever account comes first', async () => {
    const link = await linkInHome(running, 'dana');
    const states = [await followToPerly(openBrowser(), link), await followToPerly(openBrowser(), link)];
    const [first, second] = [
      await returnFromPerly(running, openBrowser(), { state: states[0], accountId: 'acct_demo' }),
      await returnFromPerly(running, openBrowser(), { state: states[1], accountId: 'acct_evil' }),
    ];
    expect(first.status).toBe(200);
    expect(second).toMatchObject({ status: 403, text: expect.stringContaining('was already used') });
    expect(await confirmations().find().toArray()).toMatchObject([{ accountId: 'acct_demo' }]);
  });

  test('of two that wait, the later one counts, and the button of the earlier one confirms nothing', async () => {
    await askDana('acct_demo', 'Acme');
    await expect.poll(() => danasHome.home()).toContain('to the Perly account of Acme');
    const state = await followToPerly(openBrowser(), await slackLinks().linkAccount(dana));
    // Her Home still shows the first one.
    await running.db.collection('homeViewers').deleteMany({});
    await returnFromPerly(running, openBrowser(), {
      state,
      accountId: 'acct_evil',
      claims: { name: 'Evil' },
    });
    expect(danasHome.home()).toContain('to the Perly account of Acme');
    await danasHome.press('home_confirm_link', 'no longer valid');
    expect(await accounts()).toEqual([null, null]);
    expect(await confirmations().find().toArray()).toMatchObject([{ accountId: 'acct_evil' }]);
  });

  test('somebody else cannot confirm, though their button sends the same', async () => {
    await askDana('acct_demo', 'Acme');
    const state = await followToPerly(openBrowser(), await linkInHome(running, 'milo'));
    await returnFromPerly(running, openBrowser(), { state, accountId: 'acct_evil' });
    await expect.poll(() => listControls(running.slack.home('milo'))).toContain('home_confirm_link');
    // His Home goes on showing the button.
    running.slack.failApi('views.publish', { hang: 'before' });
    const milos = await confirmations().findOneAndDelete({ userId: 'U0MILO00002' });
    await confirmations().updateMany({}, { $set: { requestId: milos?.requestId } });
    await milosHome.press('home_confirm_link', 'no longer valid');
    running.slack.clearFaults();
    expect(await accounts()).toEqual([null, null]);
    expect(await confirmations().countDocuments()).toBe(1);
  });

  test('a question older than ten minutes is void, and no longer shown', async () => {
    await askDana('acct_demo', 'Acme');
    await expect.poll(() => listControls(running.slack.home('dana'))).toContain('home_confirm_link');
    await confirmations().updateMany({}, { $set: { expiresAt: new Date() } });
    await danasHome.press('home_confirm_link', 'no longer valid');
    expect(await accounts()).toEqual([null, null]);
    await expect.poll(() => danasHome.home()).toContain('Link Perly account');
  });

  test('somebody who no longer manages the channel when they confirm links nothing', async () => {
    await askDana('acct_demo', 'Acme');
    await expect.poll(() => listControls(running.slack.home('dana'))).toContain('home_confirm_link');
    await running.db.collection('channels').updateMany({}, { $set: { managers: ['U0MILO00002'] } });
    await danasHome.press('home_confirm_link', 'None of your channels is waiting');
    expect(await accounts()).toEqual([null, null]);
    expect(await running.db.collection('links').countDocuments()).toBe(0);
  });

  test('two presses at once link once', async () => {
    await askDana('acct_demo', 'Acme');
    await expect.poll(() => listControls(running.slack.home('dana'))).toContain('home_confirm_link');
    const before = running.slack.messages('#customer-health').length;
    await Promise.all([press('dana', 'home_confirm_link'), press('dana', 'home_confirm_link')]);
    await expect.poll(() => running.slack.modals('dana').map(textOf).join()).toMatch(/Linked to Acme/);
    expect(await accounts()).toEqual([null, 'acct_demo']);
    expect(running.slack.messages('#customer-health')).toHaveLength(before + 1);
  });

  test('what waits to be confirmed is deleted with its workspace, and with its account', async () => {
    await askDana('acct_demo', 'Acme');
    await running.perly.api('acct_demo')('delete', '/perly/accounts/acct_demo');
    expect(await confirmations().countDocuments()).toBe(0);
    await askDana('acct_demo', 'Acme');
    await running.slack.uninstall();
    await expect.poll(() => confirmations().countDocuments()).toBe(0);
  });
});
