import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { openBrowser } from '../../support/browser.ts';
import { followToPerly, linkInHome, readPage, returnFromPerly } from '../../support/linking.ts';
import { dana, setupWaitingChannels } from '../../support/setup-waiting-channels.ts';
import { slackLinksOf } from '../../support/slack-links-of.ts';
import { listControls, textOf } from '../../support/view-text.ts';

const { running, danasHome, milosHome, confirmations, accounts, askDana, press } = setupWaitingChannels();
const slackLinks = (clock = systemClock) => slackLinksOf(running(), clock);

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
    expect(JSON.stringify(running().slack.home('dana'))).not.toContain('/slack/link');
  });

  test('a link that somebody else used for their own account asks its person, and names the account', async () => {
    const state = await followToPerly(openBrowser(), await linkInHome(running(), 'dana'));
    await returnFromPerly(running(), openBrowser(), {
      state,
      accountId: 'acct_evil',
      claims: { name: 'Evil Corp' },
    });
    await expect.poll(() => danasHome.home()).toContain('Evil Corp');
    expect(await accounts()).toEqual([null, null]);
  });

  test('a link works once, whichever account comes first', async () => {
    const link = await linkInHome(running(), 'dana');
    const states = [await followToPerly(openBrowser(), link), await followToPerly(openBrowser(), link)];
    const [first, second] = [
      await returnFromPerly(running(), openBrowser(), { state: states[0], accountId: 'acct_demo' }),
      await returnFromPerly(running(), openBrowser(), { state: states[1], accountId: 'acct_evil' }),
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
    await running().db.collection('homeViewers').deleteMany({});
    await returnFromPerly(running(), openBrowser(), {
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
    const state = await followToPerly(openBrowser(), await linkInHome(running(), 'milo'));
    await returnFromPerly(running(), openBrowser(), { state, accountId: 'acct_evil' });
    await expect.poll(() => listControls(running().slack.home('milo'))).toContain('home_confirm_link');
    // His Home still shows the button.
    running().slack.failApi('views.publish', { hang: 'before' });
    const milos = await confirmations().findOneAndDelete({ userId: 'U0MILO00002' });
    await confirmations().updateMany({}, { $set: { requestId: milos?.requestId } });
    await milosHome.press('home_confirm_link', 'no longer valid');
    running().slack.clearFaults();
    expect(await accounts()).toEqual([null, null]);
    expect(await confirmations().countDocuments()).toBe(1);
  });

  test('a question older than ten minutes is void, and no longer shown', async () => {
    await askDana('acct_demo', 'Acme');
    await expect.poll(() => listControls(running().slack.home('dana'))).toContain('home_confirm_link');
    await confirmations().updateMany({}, { $set: { expiresAt: new Date() } });
    await danasHome.press('home_confirm_link', 'no longer valid');
    expect(await accounts()).toEqual([null, null]);
    await expect.poll(() => danasHome.home()).toContain('Link Perly account');
  });

  test('somebody who no longer manages the channel when they confirm links nothing', async () => {
    await askDana('acct_demo', 'Acme');
    await expect.poll(() => listControls(running().slack.home('dana'))).toContain('home_confirm_link');
    await running()
      .db.collection('channels')
      .updateMany({}, { $set: { managers: ['U0MILO00002'] } });
    await danasHome.press('home_confirm_link', 'None of your channels is waiting');
    expect(await accounts()).toEqual([null, null]);
    expect(await running().db.collection('links').countDocuments()).toBe(0);
  });

  test('two presses at once link once', async () => {
    await askDana('acct_demo', 'Acme');
    await expect.poll(() => listControls(running().slack.home('dana'))).toContain('home_confirm_link');
    const before = running().slack.messages('#customer-health').length;
    await Promise.all([press('dana', 'home_confirm_link'), press('dana', 'home_confirm_link')]);
    await expect.poll(() => running().slack.modals('dana').map(textOf).join()).toMatch(/Linked to Acme/);
    expect(await accounts()).toEqual([null, 'acct_demo']);
    expect(running().slack.messages('#customer-health')).toHaveLength(before + 1);
  });

  test('what waits to be confirmed is deleted with its workspace, and with its account', async () => {
    await askDana('acct_demo', 'Acme');
    await running().perly.api('acct_demo')('delete', '/perly/accounts/acct_demo');
    expect(await confirmations().countDocuments()).toBe(0);
    await askDana('acct_demo', 'Acme');
    await running().slack.uninstall();
    await expect.poll(() => confirmations().countDocuments()).toBe(0);
  });
});
