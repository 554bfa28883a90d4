import { describe, expect, test } from 'vitest';
import { defaultRules } from '../../src/domain/rules.ts';
import { type Browser, openBrowser } from '../support/browser.ts';
import { failWrites } from '../support/fail-writes.ts';
import { beginInBrowser, connectInBrowser, type PageText, returnFromPerly } from '../support/linking.ts';
import { eventOf } from '../support/named-events.ts';
import { byDana, dana, health, ignoreErrors, setupNotifiedApp } from '../support/notified-app.ts';
import { slackLinksOf } from '../support/slack-links-of.ts';

const app = setupNotifiedApp();

function links() {
  return slackLinksOf(app.running);
}

async function move(): Promise<void> {
  const browser = openBrowser();
  const consent = await browser.follow(await links().move(dana, health));
  await browser.get(
    await app.running.slack.approve(consent, { channel: '#billing-alerts', user: 'Dana Reyes' }),
  );
}

let waiting: { browser: Browser; page: PageText };

async function connectToLink(): Promise<void> {
  const browser = openBrowser();
  waiting = { browser, page: await connectInBrowser(app.running, browser) };
}

async function link(): Promise<void> {
  const { browser, page } = waiting;
  await returnFromPerly(app.running, browser, { state: await beginInBrowser(browser, page) });
}

async function breakChannel(): Promise<void> {
  app.running.slack.revokeWebhooks('#customer-health');
  await app.running.perly.post(eventOf('Acme'));
  await expect
    .poll(() => app.running.db.collection('channels').countDocuments({ status: 'broken' }))
    .toBeGreaterThan(0);
}

const settings = () => app.running.app.settings;
const rules = { ...defaultRules, scoreDeltaMinimum: 5 };
const changeRules = () => settings().changeRules(health, 1, rules, dana);
const until = new Date('2096-01-01');
const mute = () =>
  settings().mute({ channelId: health, accountId: 'acct_demo' }, { id: 'cus_x', name: 'X' }, until, dana);
const ownerPath = '/perly/links/T0ACMECS001/owners/own_ana';
const setOwner = () =>
  app.running.perly.api('acct_demo')('put', ownerPath, { body: { slack_user: dana.userId } });
const byPerly = (before: string | null, after: string | null) => ({
  action: 'owner_user_changed',
  actor: { kind: 'account', accountId: 'acct_demo' },
  before: { ownerId: 'own_ana', userId: before },
  after: { ownerId: 'own_ana', userId: after },
});
const connectWaiting = () => app.running.connect('#customer-health');

type Case = {
  first?: () => Promise<unknown>;
  change: () => Promise<unknown>;
  audited: object[];
  noticed: string[];
};

const cases: Record<string, Case> = {
  connected: {
    change: app.connect,
    audited: [byDana('connected')],
    noticed: [`connected #customer-health acct_demo ${dana.userId}`],
  },
  'connected again': {
    first: app.seedChannel,
    change: app.connect,
    audited: [byDana('reconnected')],
    noticed: [`restored #customer-health acct_demo ${dana.userId}`],
  },
  'connected again by somebody who names no account': {
    first: app.seedChannel,
    change: connectWaiting,
    audited: [byDana('reconnected')],
    noticed: [`restored #customer-health acct_demo ${dana.userId}`],
  },
  linked: {
    first: connectToLink,
    change: link,
    audited: [byDana('linked')],
    noticed: [`connected #customer-health acct_demo ${dana.userId}`],
  },
  unlinked: {
    first: app.seedChannel,
    change: () => app.running.perly.api('acct_demo')('delete', '/perly/links/T0ACMECS001'),
    audited: [
      { action: 'unlinked', actor: { kind: 'account', accountId: 'acct_demo' }, accountId: 'acct_demo' },
    ],
    noticed: ['disconnected #customer-health acct_demo null'],
  },
  moved: {
    first: app.seedChannel,
    change: move,
    audited: [
      byDana('moved', { before: health, after: 'T0ACMECS001:C0BILLING01' }),
      byDana('disconnected', { channelId: health }),
    ],
    noticed: [
      `connected #billing-alerts acct_demo ${dana.userId}`,
      `disconnected #customer-health acct_demo ${dana.userId}`,
    ],
  },
  'its rules changed': {
    first: app.seedChannel,
    change: changeRules,
    audited: [byDana('rules_changed', { before: defaultRules, after: rules })],
    noticed: [`rules_changed #customer-health acct_demo ${dana.userId}`],
  },
  'its managers changed': {
    first: app.seedChannel,
    change: () => settings().setManagers(health, 'everyone', dana),
    audited: [byDana('managers_changed', { before: [dana.userId], after: 'everyone' })],
    noticed: [],
  },
  paused: {
    first: app.seedChannel,
    change: () => settings().pause(health, until, dana),
    audited: [byDana('paused', { before: null, after: until })],
    noticed: [],
  },
  'a customer let in again': {
    first: async () => {
      await app.seedChannel();
      await mute();
    },
    change: () => settings().unmute({ channelId: health, accountId: 'acct_demo' }, 'cus_x', dana),
    audited: [byDana('customer_unmuted', { before: { customerId: 'cus_x' } })],
    noticed: [],
  },
  'a customer muted': {
    first: app.seedChannel,
    change: mute,
    audited: [byDana('customer_muted', { after: { customerId: 'cus_x', until } })],
    noticed: [],
  },
  "an owner's Slack user set": {
    first: app.seedChannel,
    change: setOwner,
    audited: [byPerly(null, dana.userId)],
    noticed: [],
  },
  "an owner's Slack user removed": {
    first: async () => {
      await app.seedChannel();
      await setOwner();
    },
    change: () => app.running.perly.api('acct_demo')('delete', ownerPath),
    audited: [byPerly(dana.userId, null)],
    noticed: [],
  },
  disconnected: {
    first: app.seedChannel,
    change: () => settings().disconnect(health, dana),
    audited: [byDana('disconnected')],
    noticed: [`disconnected #customer-health acct_demo ${dana.userId}`],
  },
  broken: {
    first: app.seedChannel,
    change: breakChannel,
    audited: [],
    noticed: ['broken #customer-health acct_demo null'],
  },
  'its workspace gone': {
    first: app.seedChannel,
    change: () => app.running.slack.uninstall(),
    audited: [
      { action: 'disconnected', actor: { kind: 'slack', teamId: 'T0ACMECS001' }, accountId: 'acct_demo' },
    ],
    noticed: ['disconnected #customer-health acct_demo null'],
  },
};

describe('a process that dies between changing a channel and publishing the change', () => {
  test.each(Object.entries(cases))('%s: two recoveries at once publish it once', async (_name, one) => {
    await app.arrange(...(one.first === undefined ? [] : [one.first]));
    const hits = failWrites('audit', 'outgoingWebhooks');
    await ignoreErrors(one.change);
    await expect.poll(hits).toBeGreaterThan(0);
    expect([await app.listAudit(), app.receivedWebhooks()]).toEqual([[], []]);
    await app.restart();
    await expect.poll(app.listAudit).toMatchObject(one.audited);
    expect(app.receivedWebhooks()).toEqual(one.noticed);
    expect(await app.unpublished()).toBe(0);
  });
});
