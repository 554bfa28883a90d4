import { decodeJwt } from 'jose';
import { Collection } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { hourMs } from '../../src/lib/time.ts';
import { openBrowser } from '../support/browser.ts';
import { emptyDatabase } from '../support/empty-database.ts';
import {
  beginInBrowser,
  connectInBrowser,
  followToPerly,
  linkInHome,
  returnFromPerly,
} from '../support/linking.ts';
import { eventOf } from '../support/named-events.ts';
import { onWrite } from '../support/on-write.ts';
import { slackLinksOf } from '../support/slack-links-of.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

const account = 'acct_a';
const team = 'T0ACMECS001';
const dana = { teamId: team, userId: 'U0DANA00001' };

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ paceMs: shortPaceMs, slack: { enforceRate: false } });
});
beforeEach(() => emptyDatabase(running.db));
afterEach(() => {
  vi.restoreAllMocks();
  running.slack.clearFaults();
});
afterAll(() => running.close());

/** Tokens carry whole seconds, and one from the same second as the deletion counts as older. */
const seconds = (ahead: number) => Math.floor(Date.now() / 1000) + ahead;

async function call(method: string, path: string, token: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(running.url + path, { method, headers, body: method === 'POST' ? '{}' : null });
}

async function deleteAccount(iat = seconds(0)): Promise<number> {
  const token = await running.perly.adminToken(account, { iat });
  return (await call('DELETE', `/perly/accounts/${account}`, token)).status;
}

/** Connects with a token that by default is newer than a deletion now. @returns the status */
async function reconnect(channel = '#cs-escalations', iat = seconds(1)): Promise<number> {
  const url = await running.perly.installUrl(account, { iat });
  return (await running.slack.install(url, { channel })).status;
}

const of = (collection: string) => running.db.collection(collection).countDocuments({ accountId: account });

/** The channels that serve the account, and whether the workspace is linked to it. */
async function served(): Promise<{ channels: string[]; links: number }> {
  const [channels, links] = await Promise.all([
    running.db.collection('channels').find({ accountId: account }).sort({ name: 1 }).toArray(),
    running.db.collection('links').countDocuments({ accountId: account }),
  ]);
  return { channels: channels.map(({ name }) => name), links };
}

describe('a token of the settings API that was signed before its account was deleted', () => {
  test.each([
    ['POST', '/perly/connect-link'],
    ['GET', '/perly/channels'],
  ])('is refused afterwards, even if the account came back: %s %s', async (method, path) => {
    const token = await running.perly.token(account, { iat: seconds(-1) });
    expect((await call(method, path, token)).status).toBeLessThan(300);
    expect(await deleteAccount()).toBe(204);
    const refused = await call(method, path, token);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('invalid_token');
    expect(await reconnect()).toBe(200);
    expect((await call(method, path, token)).status).toBe(401);
    const newer = await running.perly.token(account, { iat: seconds(1) });
    expect((await call(method, path, newer)).status).toBeLessThan(300);
  });

  test('leaves a connect link that is as old as itself', async () => {
    const iat = seconds(-100);
    const made = await call('POST', '/perly/connect-link', await running.perly.token(account, { iat }));
    const { url } = (await made.json()) as { url: string };
    expect(decodeJwt(new URL(url).searchParams.get('token') ?? '').iat).toBe(iat);
  });
});

describe('repeating the deletion of an account', () => {
  test('deletes nothing that came back after the first time', async () => {
    const asked = seconds(0);
    await running.seedChannel('#customer-health', account);
    expect(await deleteAccount(asked)).toBe(204);
    expect(await reconnect()).toBe(200);
    expect(await deleteAccount(asked)).toBe(409);
    expect(await served()).toEqual({ channels: ['#cs-escalations'], links: 1 });
  });

  test('refuses no newer token than the first time did', async () => {
    const removals = running.db.collection('removals');
    expect(await deleteAccount(seconds(-7200))).toBe(204);
    await removals.updateOne({ id: account }, { $set: { tokensUntil: new Date(Date.now() - hourMs) } });
    expect(await deleteAccount(seconds(-7200))).toBe(204);
    expect(await reconnect('#cs-escalations', seconds(-60))).toBe(200);
  });

  test('deletes an account that came back when a new request asks for it', async () => {
    expect(await deleteAccount()).toBe(204);
    expect(await reconnect('#cs-escalations', seconds(1))).toBe(200);
    const newer = seconds(2);
    expect(await deleteAccount(newer)).toBe(204);
    expect(await served()).toEqual({ channels: [], links: 0 });
    expect(await reconnect('#cs-escalations', newer)).toBe(403);
  });
});

describe('two concurrent requests to delete an account', () => {
  /** Runs `other` right after the first deletion in a collection, before its request continues. */
  function afterFirstDeletion(collection: string, other: () => Promise<void>): void {
    const { deleteMany } = Collection.prototype;
    let hasRun = false;
    vi.spyOn(Collection.prototype, 'deleteMany').mockImplementation(async function (
      this: Collection,
      ...args
    ) {
      const answer = await deleteMany.apply(this, args);
      if (hasRun || this.collectionName !== collection) return answer;
      hasRun = true;
      await other();
      return answer;
    });
  }

  test.each(['channels', 'links', 'linkConfirmations'])(
    'leave what came back, if one is late after the %s',
    async (collection) => {
      const asked = seconds(0);
      await running.seedChannel('#customer-health', account);
      afterFirstDeletion(collection, async () => {
        expect(await deleteAccount(asked)).toBe(204);
        expect(await reconnect()).toBe(200);
      });
      expect(await deleteAccount(asked)).toBe(409);
      expect(await served()).toEqual({ channels: ['#cs-escalations'], links: 1 });
      expect(await deleteAccount(asked)).toBe(409);
    },
  );

  /** Runs `other` right before the first deletion in a collection. */
  function beforeFirstDeletion(collection: string, other: () => Promise<void>): () => boolean {
    const { deleteMany } = Collection.prototype;
    let hasRun = false;
    vi.spyOn(Collection.prototype, 'deleteMany').mockImplementation(async function (
      this: Collection,
      ...args
    ) {
      if (!hasRun && this.collectionName === collection) {
        hasRun = true;
        await other();
      }
      return deleteMany.apply(this, args);
    });
    return () => hasRun;
  }

  test.each(['channels', 'links', 'audit'])(
    'leave what came back, where the deletion of one in the %s is slow to arrive',
    async (collection) => {
      const asked = seconds(0);
      await running.seedChannel('#customer-health', account);
      const hasRun = beforeFirstDeletion(collection, async () => {
        expect(await deleteAccount(asked)).toBe(204);
        expect(await reconnect()).toBe(200);
        await expect.poll(() => of('audit')).toBe(1);
      });
      expect(await deleteAccount(asked)).toBe(409);
      expect(hasRun()).toBe(true);
      expect(await served()).toEqual({ channels: ['#cs-escalations'], links: 1 });
      expect(await of('audit')).toBe(1);
    },
  );

  test('leave the alerts of what came back, where one is slow to look for deliveries', async () => {
    const asked = seconds(0);
    await running.seedChannel('#customer-health', account);
    const { find } = Collection.prototype;
    let interrupt: (() => Promise<void>) | undefined = async () => {
      expect(await deleteAccount(asked)).toBe(204);
      expect(await reconnect()).toBe(200);
      running.slack.failWebhook('#cs-escalations', { status: 500, body: 'rollup_error' });
      expect((await running.perly.post({ ...eventOf('Back'), account_id: account })).status).toBe(202);
      expect(await of('deliveries')).toBe(1);
    };
    vi.spyOn(Collection.prototype, 'find').mockImplementation(function (
      this: Collection,
      ...args: unknown[]
    ) {
      const cursor = (find as (...args: unknown[]) => { toArray(): Promise<unknown[]> }).apply(this, args);
      const interruptOnce = interrupt;
      const filter = args[0] as { _id?: { $lt?: unknown }; createdAt?: unknown };
      // Recovery, and ending a disconnected channel's deliveries, look for others.
      const isDeletion =
        this.collectionName === 'deliveries' &&
        filter._id?.$lt !== undefined &&
        filter.createdAt !== undefined;
      if (!isDeletion || interruptOnce === undefined) return cursor;
      interrupt = undefined;
      const { toArray } = cursor;
      cursor.toArray = async () => {
        await interruptOnce();
        return toArray.call(cursor);
      };
      return cursor;
    } as never);
    expect(await deleteAccount(asked)).toBe(409);
    expect(interrupt).toBeUndefined();
    expect(await of('deliveries')).toBe(1);
    expect(await of('events')).toBe(1);
  });

  test('both delete it', async () => {
    await running.seedChannel('#customer-health', account);
    expect(await Promise.all([deleteAccount(), deleteAccount()])).toEqual([204, 204]);
    expect(await served()).toEqual({ channels: [], links: 0 });
    expect(await reconnect()).toBe(200);
  });
});

/** Work that was started for the account; `interrupt` runs right before its decisive write. */
const oldWork: Record<string, (interrupt: () => Promise<unknown>) => Promise<() => boolean>> = {
  async 'connecting from Perly'(interrupt) {
    const url = await running.perly.installUrl(account);
    const hasRun = onWrite('channels', 'findOneAndUpdate', interrupt);
    await running.slack.install(url, { channel: '#customer-health' });
    return hasRun;
  },
  async 'connecting a channel that the account connects again'(interrupt) {
    const url = await running.perly.installUrl(account);
    const hasRun = onWrite('links', 'updateOne', interrupt);
    await running.slack.install(url, { channel: '#customer-health' });
    return hasRun;
  },
  async linking(interrupt) {
    const browser = openBrowser();
    const state = await beginInBrowser(browser, await connectInBrowser(running, browser));
    const hasRun = onWrite('channels', 'findOneAndUpdate', interrupt);
    await returnFromPerly(running, browser, { state, accountId: account });
    return hasRun;
  },
  async 'adding a channel in Slack'(interrupt) {
    await running.seedChannel('#revenue-signals', account);
    const links = slackLinksOf(running);
    const url = await links.addChannel(dana, account);
    const hasRun = onWrite('channels', 'findOneAndUpdate', interrupt);
    await running.slack.install(url, { channel: '#customer-health', user: 'Dana Reyes' });
    return hasRun;
  },
};

test.each([
  ['connecting from Perly', ['#cs-escalations']],
  ['connecting a channel that the account connects again', ['#cs-escalations']],
  ['linking', ['#cs-escalations']],
  // Adding a channel in Slack is meant for the linked account, whenever it was linked.
  ['adding a channel in Slack', ['#cs-escalations', '#customer-health']],
])('%s, which meets a deletion and a newer token, leaves what is new', async (name, left) => {
  const hasRun = await oldWork[name]?.(async () => {
    expect(await deleteAccount()).toBe(204);
    expect(await reconnect()).toBe(200);
  });
  expect(hasRun?.()).toBe(true);
  expect(await served()).toEqual({ channels: left, links: 1 });
});

test('a question from before the deletion is not asked when the account is back', async () => {
  await connectInBrowser(running, openBrowser());
  const browser = openBrowser();
  const state = await followToPerly(browser, await linkInHome(running, 'dana'));
  const hasRun = onWrite('linkConfirmations', 'replaceOne', async () => {
    expect(await deleteAccount()).toBe(204);
    expect(await reconnect()).toBe(200);
  });
  const page = await returnFromPerly(running, browser, { state, accountId: account });
  expect(hasRun()).toBe(true);
  expect(page.status).toBe(403);
  expect(await running.db.collection('linkConfirmations').countDocuments()).toBe(0);
});
