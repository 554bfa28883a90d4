import { beforeEach, describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../../src/lib/time.ts';
import { createInstallationStore, type InstallationDocument } from '../../../src/store/installations.ts';
import { createKeyring } from '../../../src/store/keyring.ts';
import { failCollection } from '../../support/fail-database.ts';
import { createHomeDriver } from '../../support/home-driver.ts';
import { type PageText, readPage } from '../../support/linking.ts';
import { onWrite } from '../../support/on-write.ts';
import { setupApp } from '../../support/setup-app.ts';
import { slackLinksOf } from '../../support/slack-links-of.ts';
import { whenRecorded } from '../../support/when-recorded.ts';

const app = setupApp();
const dana = createHomeDriver(() => app.running, 'dana');

const team = 'T0ACMECS001';
const links = () => slackLinksOf(app.running);

beforeEach(async () => {
  await app.running.seedChannel('#customer-health', 'acct_demo');
  await whenRecorded(app.running.db);
});

/** Slack answers the next Allow with another token, and no longer knows the present one. */
function replaceToken(): void {
  const { installations, retiredTokens } = app.running.slack.model;
  const known = installations.get(team);
  if (known === undefined) throw new Error('the app is not installed');
  retiredTokens.add(known.botToken);
  installations.set(team, { ...known, botToken: `${known.botToken}2` });
}

async function install(channel: string, user: string, url?: string): Promise<PageText> {
  const installUrl = url ?? `${app.running.url}/slack/install`;
  return readPage(await app.running.slack.install(installUrl, { channel, user }));
}

const installation = () =>
  app.running.db.collection<InstallationDocument>('installations').findOne({ _id: team });
async function installedAnHourAgo(): Promise<void> {
  const now = Date.now();
  const store = createInstallationStore(app.running.db, createKeyring(app.running.config.appSecrets));
  const known = await store.find(team);
  if (known === undefined) throw new Error('the app is not installed');
  await store.save(known, new Date(now - hourMs), new Date(now + hourMs));
}

/** Slack says that the tokens of the bot were revoked, not which. */
async function sendRevoked(at: number): Promise<void> {
  const botUserId = app.running.slack.model.installations.get(team)?.botUserId;
  const { status } = await app.running.slack.sendEvent(
    { type: 'tokens_revoked', tokens: { bot: [botUserId], oauth: [] } },
    { envelope: { event_time: Math.floor(at / 1000) } },
  );
  expect(status).toBe(200);
}

async function expectKept(): Promise<void> {
  expect(await installation()).toHaveProperty('bot');
  // The check that was asked for has found that the token works.
  await expect
    .poll(async () => (await installation())?.nextCheckAt?.getTime())
    .toBeGreaterThan(Date.now() + 20 * hourMs);
  expect(await app.running.db.collection('channels').countDocuments({ status: 'active' })).toBe(1);
}

const everything = () =>
  Promise.all(
    ['channels', 'links', 'audit', 'insiders'].map((name) =>
      app.running.db.collection(name).find().toArray(),
    ),
  );

describe('an install that is refused in a workspace that has the app', () => {
  test.each<[string, string, string, () => Promise<string | undefined>]>([
    ['a direct message', '@milo', 'Dana Reyes', async () => undefined],
    ['a channel that others manage', '#customer-health', 'Milo Park', async () => undefined],
    [
      'a link of somebody else',
      '#billing-alerts',
      'Milo Park',
      () => links().addChannel({ teamId: team, userId: 'U0DANA00001' }),
    ],
  ])('leaves it the new token, and nothing else: %s', async (_, channel, user, toUrl) => {
    const url = await toUrl();
    const before = { installation: await installation(), rest: await everything() };
    replaceToken();
    expect([400, 403]).toContain((await install(channel, user, url)).status);
    expect(await everything()).toEqual(before.rest);
    const after = await installation();
    expect(after?.bot).not.toEqual(before.installation?.bot);
    expect({ ...after, bot: undefined }).toEqual({ ...before.installation, bot: undefined });

    await dana.open('<#C0HEALTH001>');
    expect(await installation()).not.toBeNull();
  });

  test('changes nothing while Slack keeps the token', async () => {
    const before = await installation();
    expect((await install('@milo', 'Dana Reyes')).status).toBe(400);
    expect(await installation()).toEqual(before);
  });

  test('stores no token if the app is removed at the same time', async () => {
    replaceToken();
    const hasRun = onWrite('installations', 'updateOne', async () => {
      await app.running.slack.uninstall(team);
      await expect.poll(installation).toBeNull();
    });
    expect((await install('@milo', 'Dana Reyes')).status).toBe(400);
    expect(hasRun()).toBe(true);
    expect(await installation()).toBeNull();
  });

  test('does not keep the workspace if Slack reports late that the app was removed before', async () => {
    await installedAnHourAgo();
    replaceToken();
    expect((await install('@milo', 'Dana Reyes')).status).toBe(400);
    const event_time = Math.floor((Date.now() - hourMs / 2) / 1000);
    await app.running.slack.sendEvent({ type: 'app_uninstalled' }, { envelope: { event_time } });
    await expect.poll(installation).toBeNull();
  });

  test.each([
    ['when it was replaced', 0],
    ['some time before, and Slack says so late', -hourMs / 2],
    ['in a few minutes, by a clock that is ahead', 4 * minuteMs],
  ])('keeps the workspace if the token before was revoked %s', async (_, offset) => {
    await installedAnHourAgo();
    replaceToken();
    expect((await install('@milo', 'Dana Reyes')).status).toBe(400);
    await sendRevoked(Date.now() + offset);
    await expectKept();
  });

  test('does not keep the workspace once the new token is revoked', async () => {
    await installedAnHourAgo();
    replaceToken();
    expect((await install('@milo', 'Dana Reyes')).status).toBe(400);
    await sendRevoked(Date.now() + 6 * minuteMs);
    await expect.poll(installation).toBeNull();
  });

  test('keeps the workspace if it gets the new token while the event about the one before is handled', async () => {
    await installedAnHourAgo();
    replaceToken();
    const hasRun = onWrite('installations', 'updateOne', () => install('@milo', 'Dana Reyes'));
    await sendRevoked(Date.now());
    expect(hasRun()).toBe(true);
    await expectKept();
  });

  test('says why it is refused even if the new token cannot be stored', async () => {
    const expected = await install('@milo', 'Dana Reyes');
    replaceToken();
    failCollection('installations');
    const { status, text } = await install('@milo', 'Dana Reyes');
    expect({ status, text }).toEqual({ status: 400, text: expected.text });
    expect(app.running.logs.join('\n')).toContain('storing the bot token of a refused install failed');
  });
});
