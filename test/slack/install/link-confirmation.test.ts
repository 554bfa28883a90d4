import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { dayMs } from '../../../src/lib/time.ts';
import { openBrowser } from '../../support/browser.ts';
import {
  connectInBrowser,
  followToPerly,
  linkInHome,
  readPage,
  returnFromPerly,
} from '../../support/linking.ts';
import { dana, setupWaitingChannels } from '../../support/setup-waiting-channels.ts';
import { slackLinksOf } from '../../support/slack-links-of.ts';
import { startTestApp } from '../../support/test-app.ts';
import { listControls } from '../../support/view-text.ts';

const { running, danasHome, milosHome, confirmations, accounts, askDana, press } = setupWaitingChannels();
const slackLinks = (clock = systemClock) => slackLinksOf(running(), clock);

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
    expect(listControls(running().slack.home('dana'))).not.toContain('home_link_account');
    await milosHome.open('One of your channels is waiting');
    expect(milosHome.home()).not.toContain('Acme');
    expect(listControls(running().slack.home('milo'))).not.toContain('home_confirm_link');

    await danasHome.press('home_confirm_link', /^Linked to Acme & \*Sons\*_Inc_\.\n.*<#C0HEALTH001>/m);
    expect(await accounts()).toEqual([null, 'acct_demo']);
    expect(await confirmations().countDocuments()).toBe(0);
    await expect.poll(() => danasHome.home()).not.toContain('Link this workspace');
  });

  test('says which channels are paused', async () => {
    await askDana('acct_demo', 'Acme');
    await running()
      .db.collection('channels')
      .updateMany({}, { $set: { pausedUntil: 'until_resumed' } });
    await expect.poll(() => listControls(running().slack.home('dana'))).toContain('home_confirm_link');
    await danasHome.press('home_confirm_link', 'Linked to Acme');
    expect(danasHome.modalText()).toContain('Alerts are paused in <#C0HEALTH001>.');
    expect(danasHome.modalText()).not.toContain('Alerts are on');
  });

  test.each(['expired_trigger_id', 'internal_error'])(
    'is done also where Slack shows no modal for it: %s',
    async (error) => {
      await askDana('acct_demo', 'Acme');
      await expect.poll(() => listControls(running().slack.home('dana'))).toContain('home_confirm_link');
      running().slack.failApi('views.open', { error }, 1);
      await press('dana', 'home_confirm_link');
      await expect.poll(accounts).toEqual([null, 'acct_demo']);
      await expect.poll(() => danasHome.home()).not.toContain('Link this workspace');
      expect(running().slack.modals('dana')).toEqual([]);
      running().slack.clearFaults();
    },
  );

  test('can be cancelled, and started again', async () => {
    await askDana('acct_demo', 'Acme');
    await expect.poll(() => listControls(running().slack.home('dana'))).toContain('home_cancel_link');
    await press('dana', 'home_cancel_link');
    await expect.poll(() => listControls(running().slack.home('dana'))).toContain('home_link_account');
    expect(await confirmations().countDocuments()).toBe(0);
    expect(await accounts()).toEqual([null, null]);
    await askDana('acct_demo', 'Acme');
    await expect.poll(() => danasHome.home()).toContain('Link this workspace to the Perly account of Acme');
  });

  test('is asked and answered in other processes too', async () => {
    await askDana('acct_demo', 'Acme');
    const next = await startTestApp({ beside: running() });
    running().slack.setAppUrl(next.url);
    await danasHome.open('Link this workspace to the Perly account of Acme');
    await danasHome.press('home_confirm_link', 'Linked to Acme');
    running().slack.setAppUrl(running().url);
    await next.close();
    expect(await accounts()).toEqual([null, 'acct_demo']);
  });

  test('the page after Perly says the same when it is reloaded', async () => {
    const browser = openBrowser();
    const state = await followToPerly(browser, await linkInHome(running(), 'dana'));
    await returnFromPerly(running(), browser, { state });
    expect(await returnFromPerly(running(), browser, { state })).toMatchObject({
      status: 200,
      text: expect.stringContaining('Now confirm in Slack'),
    });
  });

  test('also asks somebody who just installed the app: the link may come from somebody else', async () => {
    const browser = openBrowser();
    await connectInBrowser(running(), browser, { channel: '#revenue-signals', user: 'Dana Reyes' });
    expect((await askDana('acct_demo', 'Acme', browser)).text).toContain('Now confirm in Slack');
    expect(await accounts()).toEqual([null, null, null]);
  });
});

describe('a link to send to a Perly admin', () => {
  test('is on the page after the install: the admin agrees in Perly, and who sent it confirms within a day', async () => {
    const page = await connectInBrowser(running(), openBrowser(), {
      channel: '#general',
      user: 'Dana Reyes',
    });
    expect(page.text).toContain('Send this to your Perly admin');
    const [, link = ''] = /<p class="copy">([^<]*)<\/p>/.exec(page.html) ?? [];
    const admin = openBrowser();
    const state = await followToPerly(admin, link);
    const back = await returnFromPerly(running(), admin, { state, claims: { name: 'Acme' } });
    expect(back.text).toContain('Now they confirm in Slack');
    expect(back.text).toContain('If you do not know who sent you the link, write to Support at once.');
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
    await running().slack.closeView('dana', { all: true });
    const admin = openBrowser();
    const back = await returnFromPerly(running(), admin, { state: await followToPerly(admin, link) });
    expect(back.text).toContain('Now they confirm in Slack');
  });

  test('works once, and for a week', async () => {
    const link = await slackLinks().forward(dana);
    for (const accountId of ['acct_demo', 'acct_other']) {
      const admin = openBrowser();
      const state = await followToPerly(admin, link);
      const { status, text } = await returnFromPerly(running(), admin, { state, accountId });
      expect([accountId, status]).toEqual([accountId, accountId === 'acct_demo' ? 200 : 403]);
      if (status === 403) expect(text).toContain('or ask the person who sent you the link');
    }
    const at = (ms: number) => ({ ...systemClock, now: () => new Date(Date.now() - ms) });
    const almost = await slackLinks(at(7 * dayMs - 60_000)).forward(dana);
    expect(await followToPerly(openBrowser(), almost)).not.toBe('');
    const old = await readPage(await openBrowser().get(await slackLinks(at(7 * dayMs + 1000)).forward(dana)));
    expect(old).toMatchObject({ status: 403, text: expect.stringContaining('no longer valid') });
    expect(old.text).toContain('for a week if somebody sent it to you');
  });

  test('links nothing of somebody else', async () => {
    const admin = openBrowser();
    const state = await followToPerly(admin, await slackLinks().forward(dana));
    await returnFromPerly(running(), admin, { state });
    await milosHome.open('One of your channels is waiting');
    expect(listControls(running().slack.home('milo'))).not.toContain('home_confirm_link');
    await danasHome.open('Link this workspace to');
    await danasHome.press('home_confirm_link', 'Linked to');
    expect(await accounts()).toEqual([null, 'acct_demo']);
  });
});
