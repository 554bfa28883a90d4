import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { gridEast, gridNorth, gridWest, initech } from '../../sandbox/slack/organisations.ts';
import { renderLines } from '../../sandbox/slack/render/render-message.ts';
import { createHomeDriver } from '../support/home-driver.ts';
import { muteCustomer } from '../support/mute-customer.ts';
import { eventOf } from '../support/named-events.ts';
import { postAlone } from '../support/post-alone.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
const channels = () => running.db.collection('channels');
const wandaId = 'W0WANDA0001';

const install = async (accountId: string, choice: { channel: string; team: string; user: string }) => {
  const answer = await running.slack.install(await running.perly.installUrl(accountId), choice);
  expect(answer.status).toBe(200);
};

beforeAll(async () => {
  running = await startTestApp({
    paceMs: shortPaceMs,
    slack: { teams: [gridEast, gridWest, gridNorth, initech], enforceRate: false },
  });
  await install('acct_east', { team: 'Acme East', user: 'Wanda Ito', channel: '#east-health' });
  await install('acct_west', { team: 'Acme West', user: 'Wanda Ito', channel: '#west-health' });
});
afterAll(() => running.close());

const east = createHomeDriver(() => running, 'wanda', gridEast.id);
const west = createHomeDriver(() => running, 'wanda', gridWest.id);

/** @returns the message's `ts` */
const alertIn = (channel: string, accountId: string, name: string) =>
  postAlone(running, channel, { ...eventOf(name), account_id: accountId });

const read = (ts: string) => renderLines(running.slack.model.message(ts)?.payload).join('\n');
const lastEphemeral = (userId: string) =>
  running.slack.messages().findLast(({ ephemeralTo }) => ephemeralTo === userId)?.payload.text ?? '';

describe.each(['organisation', 'home'] as const)('with the %s as user.team_id', (userTeam) => {
  beforeEach(async () => {
    running.slack.model.habits.userTeam = userTeam;
    await channels().updateMany({}, { $set: { managers: [wandaId], pausedUntil: null } });
    if (running.slack.modals('wanda', gridEast.id).length > 0)
      await running.slack.closeView('wanda', { all: true, teamId: gridEast.id });
  });

  test('Home in each workspace changes the channels of that workspace', async () => {
    await east.open('Edit rules');
    await west.open('Edit rules');
    for (const [home, channelId] of [
      [east, 'C0EASTHLT01'],
      [west, 'C0WESTHLT01'],
    ] as const) {
      await home.press('channel_pause', 'How long');
      await home.submit({ pause: 'until_resumed' });
      await expect.poll(() => home.home()).toContain('Paused until someone resumes it');
      const paused = await channels().find({ pausedUntil: 'until_resumed' }).toArray();
      expect(paused.map(({ slackChannelId }) => slackChannelId)).toEqual([channelId]);
      const { id: teamId } = home === east ? gridEast : gridWest;
      await running.slack.click({ user: 'wanda', teamId, on: 'home', actionId: 'channel_resume' });
      await expect.poll(() => home.home()).toContain('🟢 Active');
    }
    expect(running.slack.refusals).toEqual([]);
  });

  test('everyone of the organisation may manage if everyone may', async () => {
    await channels().updateMany({}, { $set: { managers: 'everyone' } });
    const ts = await alertIn('#east-health', 'acct_east', `Everyone ${userTeam}`);
    await muteCustomer(running, { user: 'U0ERIN00001', on: ts, teamId: gridEast.id });
    await expect.poll(() => read(ts)).toMatch(/Muted until .* by @U0ERIN00001/);
  });
});

test('a channel that both workspaces share serves each with its own account', async () => {
  for (const [team, accountId] of [
    ['Acme East', 'acct_east'],
    ['Acme West', 'acct_west'],
  ] as const)
    await install(accountId, { team, user: 'Wanda Ito', channel: '#group-accounts' });
  const ts = await alertIn('#group-accounts', 'acct_east', 'Shared East');
  const other = await alertIn('#group-accounts', 'acct_west', 'Shared West');
  await running.slack.click({ user: 'U0WES000001', on: ts, actionId: 'acknowledge' });
  await running.slack.click({ user: 'U0ERIN00001', on: other, actionId: 'acknowledge' });
  await expect.poll(() => read(ts)).toContain('✓ Acknowledged by @U0WES000001');
  await expect.poll(() => read(other)).toContain('✓ Acknowledged by @U0ERIN00001');
  await running.slack.click({ user: 'U0WES000001', on: ts, actionId: 'mute_customer' });
  await expect.poll(() => lastEphemeral('U0WES000001')).toContain(`Only <@${wandaId}> can mute customers`);
  await running.slack.click({ user: 'U0WES000001', on: ts, actionId: 'open_in_perly' });
  await east.open('Edit rules');
  // The organisation is the same.
  expect(east.home()).not.toContain('another organisation');
});

describe.each(['workspace', 'home', 'home only'] as const)(
  'a person of a workspace without the app, who opens Home in: %s',
  (homeOpenedIn) => {
    const nora = createHomeDriver(() => running, 'W0NORA00001', gridEast.id);
    beforeEach(async () => {
      Object.assign(running.slack.model.habits, { userTeam: 'home', homeOpenedIn });
      for (const name of ['homeViewers', 'insiders']) await running.db.collection(name).deleteMany({});
      await channels().updateMany({}, { $set: { managers: 'everyone', pausedUntil: null } });
    });

    test('is shown Home, and may manage if everyone may, even long afterwards', async () => {
      const ts = await alertIn('#east-health', 'acct_east', `Nora ${homeOpenedIn}`);
      await running.slack.click({ user: 'W0NORA00001', on: ts, actionId: 'mute_customer' });
      await expect.poll(() => lastEphemeral('W0NORA00001')).toContain('can mute customers');
      await nora.open('Edit rules');
      // Not one of a person who opened Home before.
      const known = { userId: 'W0NORA00001' };
      await expect.poll(() => running.db.collection('insiders').countDocuments(known)).toBe(1);
      // Home is no longer kept up to date.
      await running.db.collection('homeViewers').deleteMany({});
      await muteCustomer(running, { user: 'W0NORA00001', on: ts, teamId: gridEast.id });
      await expect.poll(() => read(ts)).toMatch(/Muted until .* by @W0NORA00001/);
    });
  },
);

describe('a person of another organisation', () => {
  const ira = 'W0IRA000001';
  beforeEach(async () => {
    Object.assign(running.slack.model.habits, { userTeam: 'home', homeOpenedIn: 'workspace' });
    running.slack.model.channel('#group-accounts', gridEast.id).sharedWith.add(initech.id);
    await running.db.collection('insiders').deleteMany({});
  });

  test('is shown no Home', async () => {
    expect((await running.slack.openHome(ira, gridEast.id)).status).toBe(200);
    await east.open('Edit rules');
    expect(running.slack.home(ira, gridEast.id)).toBeUndefined();
    expect(await running.db.collection('insiders').countDocuments({ userId: ira })).toBe(0);
  });

  test('a manager of one channel manages no other', async () => {
    await channels().updateMany({}, { $set: { managers: 'everyone' } });
    await channels().updateMany({ name: '#east-health' }, { $set: { managers: [wandaId, ira] } });
    const ts = await alertIn('#group-accounts', 'acct_east', 'Manager elsewhere');
    await running.slack.click({ user: ira, on: ts, actionId: 'mute_customer' });
    await expect.poll(() => lastEphemeral(ira)).toContain('can mute customers');
  });
});

describe('a workspace that joined another organisation since it installed the app', () => {
  beforeEach(() => {
    Object.assign(running.slack.model.habits, { userTeam: 'organisation', homeOpenedIn: 'workspace' });
  });
  test.each([null, 'E0FORMER001'])(
    'belongs to the one that Slack names now, not to the stored %s',
    async (enterpriseId) => {
      await running.db.collection('installations').updateMany({}, { $set: { enterpriseId } });
      await running.db.collection('insiders').deleteMany({});
      await channels().updateMany({}, { $set: { managers: 'everyone', pausedUntil: null } });
      const ts = await alertIn('#east-health', 'acct_east', `Joined ${enterpriseId}`);
      await muteCustomer(running, { user: 'U0ERIN00001', on: ts, teamId: gridEast.id });
      await expect.poll(() => read(ts)).toMatch(/Muted until .* by @U0ERIN00001/);
      await east.open('Edit rules');
      await expect.poll(() => east.home()).not.toContain('Paused until');
      await east.press('channel_pause', 'How long', undefined, `channel ${gridEast.id}:C0EASTHLT01`);
      await east.submit({ pause: 'until_resumed' });
      await expect.poll(() => east.home()).toContain('Paused until someone resumes it');
    },
  );
});
