import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { minuteMs } from '../../src/lib/time.ts';
import { createInstallationStore } from '../../src/store/installations.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { emptyDatabase } from '../support/empty-database.ts';
import { failCollection } from '../support/fail-database.ts';
import { eventOf } from '../support/named-events.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

const team = 'T0ACMECS001';

let running: TestApp;
/** Milliseconds by which Slack's clock is ahead: it times events and their repeats. */
let ahead = 0;
beforeAll(async () => {
  running = await startTestApp({
    shared: true,
    paceMs: shortPaceMs,
    slack: { clock: () => Date.now() + ahead },
    random: () => 0.5,
  });
});
beforeEach(async () => {
  ahead = 0;
  running.slack.clearFaults();
  await emptyDatabase(running.db);
  await running.seedChannel('#customer-health', 'acct_demo');
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => running.close());

const count = (collection: string, filter = {}) => running.db.collection(collection).countDocuments(filter);
const installations = () => count('installations');
const active = () => count('channels', { status: 'active' });
const logged = (text: string) => running.logs.filter((line) => line.includes(text));
const botUserId = () => String(running.slack.installations[0]?.botUserId);
const authTests = () => running.logs.filter((line) => line.includes("apiCall('auth.test')")).length;

/** The workspace installed the app long ago, so the events' time alone shows that it is over. */
async function installedLongAgo(minutes = 60): Promise<void> {
  const store = createInstallationStore(running.db, createKeyring(running.config.appSecrets));
  const installation = await store.find(team);
  if (installation === undefined) throw new Error('The workspace has no installation.');
  const now = Date.now();
  await store.save(installation, new Date(now - minutes * minuteMs), new Date(now + 60 * minuteMs));
}

/** Slack repeats an unacknowledged event after a minute, and then after five. */
async function advanceSlack(ms: number): Promise<void> {
  ahead += ms;
  await running.slack.repeatEvents();
}

describe('a removal event that arrives while the database is unavailable', () => {
  test.each(['app_uninstalled', 'tokens_revoked'] as const)(
    "%s is not acknowledged, and Slack's retry removes the workspace",
    async (event) => {
      await installedLongAgo();
      failCollection('installations');
      const [answer] = await running.slack.uninstall(team, [event]);
      expect(answer?.status).toBe(503);
      await expect.poll(running.slack.unacknowledgedEvents).toBe(1);
      vi.restoreAllMocks();
      expect(await installations()).toBe(1);
      await advanceSlack(minuteMs);
      await expect.poll(installations).toBe(0);
      expect(await active()).toBe(0);
      expect(logged('installation removed').join('')).toContain(event);
    },
  );

  test('arrives an hour later with Delayed Events', async () => {
    const delayed = await startTestApp({
      shared: true,
      slack: { clock: () => Date.now() + ahead, delayedEvents: true },
    });
    await delayed.seedChannel('#customer-health', 'acct_demo');
    failCollection('installations');
    await delayed.slack.uninstall(team, ['app_uninstalled']);
    for (const ms of [0, minuteMs, 5 * minuteMs]) {
      ahead += ms;
      await delayed.slack.repeatEvents();
      await expect.poll(delayed.slack.unacknowledgedEvents).toBe(1);
    }
    vi.restoreAllMocks();
    ahead += 60 * minuteMs;
    await delayed.slack.repeatEvents();
    await expect.poll(() => delayed.db.collection('installations').countDocuments()).toBe(0);
    await delayed.close();
  });

  test('is acknowledged once it is stored, however long the clean-up takes', async () => {
    await installedLongAgo();
    const before = logged('recovery will continue').length;
    failCollection('channels');
    const [answer] = await running.slack.uninstall(team, ['app_uninstalled']);
    expect(answer?.status).toBe(200);
    const stored = await running.db.collection('installations').findOne();
    expect(stored).toMatchObject({ removal: { reason: 'app_uninstalled' } });
    expect(stored).not.toHaveProperty('bot');
    await expect.poll(() => logged('recovery will continue').length).toBeGreaterThan(before);
    vi.restoreAllMocks();
    const next = await startTestApp({ beside: running });
    await expect.poll(installations).toBe(0);
    expect(await active()).toBe(0);
    await next.close();
  });
});

describe.each([null, 'soon', 1_700_000_000_123, -1, 0, undefined])(
  'app_uninstalled with %j as its time',
  (event_time) => {
    const send = () => running.slack.sendEvent({ type: 'app_uninstalled' }, { envelope: { event_time } });

    test('removes a workspace that installed the app before any event that Slack still repeats', async () => {
      await installedLongAgo(26 * 60);
      expect((await send()).status).toBe(200);
      await expect.poll(installations).toBe(0);
    });

    test('has Slack asked where the event may be older than the installation', async () => {
      await installedLongAgo(60);
      const before = authTests();
      expect((await send()).status).toBe(200);
      await expect.poll(authTests).toBeGreaterThan(before);
      expect(await active()).toBe(1);
      for (const installation of running.slack.installations) installation.active = false;
      expect((await send()).status).toBe(200);
      await expect.poll(installations).toBe(0);
      for (const installation of running.slack.installations) installation.active = true;
    });
  },
);

describe('an event about a removal that is hard to read', () => {
  test.each<[string, object]>([
    ['no tokens', {}],
    ['no list of tokens', { tokens: {} }],
    ['tokens that are null', { tokens: null }],
    ['tokens in a list', { tokens: ['x'] }],
    ['a bot that is a text', { tokens: { bot: 'U1' } }],
    ['bots that are objects', { tokens: { bot: [{ id: 'U1' }], oauth: [] } }],
    ['a bot that is null', { tokens: { bot: [null, 'U1'] } }],
  ])('has Slack asked: tokens_revoked with %s', async (_, more) => {
    await installedLongAgo();
    const before = authTests();
    expect((await running.slack.sendEvent({ type: 'tokens_revoked', ...more })).status).toBe(200);
    await expect.poll(authTests).toBeGreaterThan(before);
    expect(await active()).toBe(1);
  });

  test('is not acknowledged while the check cannot be stored', async () => {
    failCollection('installations');
    expect((await running.slack.sendEvent({ type: 'tokens_revoked' })).status).toBe(503);
  });

  const authorized = [{ team_id: team, enterprise_id: null, is_bot: true }];
  test.each<[string, Record<string, unknown>]>([
    ['context_team_id', { team_id: undefined, context_team_id: team, authorizations: [] }],
    ['authorizations', { team_id: null, context_team_id: 5, authorizations: authorized }],
  ])('finds the workspace by %s', async (_, envelope) => {
    await installedLongAgo();
    expect((await running.slack.sendEvent({ type: 'app_uninstalled' }, { envelope })).status).toBe(200);
    await expect.poll(installations).toBe(0);
  });

  test('is taken and logged once where it names no workspace', async () => {
    const envelope = { team_id: null, context_team_id: null, authorizations: 'none' };
    for (const type of ['app_uninstalled', 'app_uninstalled'])
      expect((await running.slack.sendEvent({ type }, { envelope })).status).toBe(200);
    expect(logged('app_uninstalled without a workspace')).toHaveLength(1);
    expect(await active()).toBe(1);
  });
});

describe('a workspace that installs the app again', () => {
  const late = (type: 'app_uninstalled' | 'tokens_revoked', at: number, bots = [botUserId()]) =>
    running.slack.sendEvent(
      { type, ...(type === 'tokens_revoked' && { tokens: { bot: bots, oauth: [] } }) },
      { envelope: { event_time: Math.floor(at / 1000) } },
    );

  async function reinstall(): Promise<void> {
    await running.slack.uninstall();
    await expect.poll(installations).toBe(0);
    await running.connect('#customer-health', 'acct_demo');
  }

  test.each([
    ['an hour ago', -60 * minuteMs],
    ['a few seconds ago', -3000],
    ['in the same second', 0],
    ['in a few seconds, by a clock that is ahead', 3000],
  ])('keeps it when late events say that it was removed %s', async (_, offset) => {
    await reinstall();
    for (const type of ['app_uninstalled', 'tokens_revoked'] as const)
      expect((await late(type, Date.now() + offset)).status).toBe(200);
    await expect
      .poll(() => count('installations', { nextCheckAt: { $lte: new Date(Date.now() + 20 * minuteMs) } }))
      .toBe(0);
    expect(await active()).toBe(1);
    await running.perly.post(eventOf('Back'));
    await expect.poll(() => count('deliveries', { state: 'sent' })).toBe(1);
  });

  test('keeps it when the tokens of another bot user were revoked', async () => {
    await reinstall();
    await installedLongAgo();
    const before = authTests();
    await late('tokens_revoked', Date.now(), ['U0OTHERBOT1']);
    await expect.poll(authTests).toBeGreaterThan(before);
    expect(await installations()).toBe(1);
    expect(await active()).toBe(1);
  });

  test('while its data is still being deleted keeps what it connects', async () => {
    await installedLongAgo();
    const before = logged('recovery will continue').length;
    failCollection('channels');
    await running.slack.uninstall(team, ['app_uninstalled']);
    await expect.poll(() => logged('recovery will continue').length).toBeGreaterThan(before);
    vi.restoreAllMocks();
    await running.connect('#customer-health', 'acct_demo');
    const next = await startTestApp({ beside: running });
    expect(await count('installations', { bot: { $exists: true } })).toBe(1);
    expect(await active()).toBe(1);
    expect(await count('links')).toBe(1);
    await next.close();
  });
});

describe('a removal whose events never came', () => {
  test.each(['account_inactive', 'token_revoked'] as const)(
    'is noticed when Slack answers a call with %s',
    async (error) => {
      running.slack.failApi('views.publish', { error });
      running.slack.failApi('auth.test', { error });
      await running.slack.openHome('dana');
      await expect.poll(installations).toBe(0);
      expect(await active()).toBe(0);
      expect(logged('installation removed').at(-1)).toContain(error);
    },
  );

  test('is not assumed at once because of invalid_auth, which may be due to where the app calls from', async () => {
    running.slack.failApi('*', { error: 'invalid_auth' });
    await running.slack.openHome('dana');
    await expect.poll(() => count('installations', { lastCheckedAt: { $type: 'date' } })).toBe(1);
    await expect.poll(() => logged('invalid_auth for too many').length).toBeGreaterThan(0);
    expect(await active()).toBe(1);
  });

  test('is not assumed when another call says that the token works', async () => {
    const before = authTests();
    running.slack.failApi('views.publish', { error: 'invalid_auth' });
    await running.slack.openHome('dana');
    await expect.poll(authTests).toBeGreaterThan(before);
    await expect
      .poll(() => count('installations', { nextCheckAt: { $gt: new Date(Date.now() + 60 * minuteMs) } }))
      .toBe(1);
    expect(await active()).toBe(1);
  });

  test.each(['token_expired', 'not_authed', 'ratelimited', 'internal_error', 'org_login_required'])(
    'is not assumed because of %s',
    async (error) => {
      const refused = () => logged('a Home was not published').length;
      const before = refused();
      running.slack.failApi('*', { error });
      await running.slack.openHome('dana');
      await expect.poll(refused).toBeGreaterThan(before);
      expect(await installations()).toBe(1);
      expect(await active()).toBe(1);
    },
  );
});

describe('a person who revokes what they allowed the app', () => {
  test('leaves the workspace with the app, and its channels with their alerts', async () => {
    await installedLongAgo();
    expect((await running.slack.revokeAuthorization('dana')).status).toBe(200);
    await running.perly.post(eventOf('One'));
    await expect.poll(() => count('deliveries', { state: 'sent' })).toBe(1);
    expect(await installations()).toBe(1);
  });
});
