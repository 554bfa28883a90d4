import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { globex, initech, sharingTeam } from '../../sandbox/slack/organisations.ts';
import { renderLines } from '../../sandbox/slack/render/render-message.ts';
import { createHomeDriver } from '../support/home-driver.ts';
import { readPage } from '../support/linking.ts';
import { muteCustomer } from '../support/mute-customer.ts';
import { eventOf } from '../support/named-events.ts';
import { postAlone } from '../support/post-alone.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
const olga = 'U0OLGA00001';
const dana = createHomeDriver(() => running, 'dana');
const channels = () => running.db.collection('channels');

beforeAll(async () => {
  running = await startTestApp({
    paceMs: shortPaceMs,
    slack: { teams: [sharingTeam, globex, initech], enforceRate: false },
  });
  await running.seedChannel('#acme-globex', 'acct_demo');
});
afterAll(() => running.close());

beforeEach(async () => {
  running.slack.refusals.length = 0;
  await channels().updateMany({}, { $set: { managers: ['U0DANA00001'] } });
});

const alert = (name: string) => postAlone(running, '#acme-globex', eventOf(name));

const read = (ts: string) => renderLines(running.slack.model.message(ts)?.payload).join('\n');
const lastEphemeral = (who = olga) =>
  running.slack.messages().findLast(({ ephemeralTo }) => ephemeralTo === who)?.payload.text ?? '';

describe.each(['app', 'theirs', 'none'] as const)('a click from outside whose team is: %s', (connectTeam) => {
  beforeEach(() => {
    running.slack.model.habits.connectTeam = connectTeam;
  });

  test('acknowledges nothing unless a manager allowed it, and says why', async () => {
    const ts = await alert(`Outside ${connectTeam}`);
    expect((await running.slack.click({ user: olga, on: ts, actionId: 'open_in_perly' })).status).toBe(200);
    expect((await running.slack.click({ user: olga, on: ts, actionId: 'acknowledge' })).status).toBe(200);
    await expect
      .poll(() => lastEphemeral())
      .toMatch(/^Only people of the organisation that connected this channel/);
    expect(read(ts)).not.toContain('Acknowledged');
    expect(await running.db.collection('deliveries').countDocuments({ acknowledgedBy: olga })).toBe(0);
  });

  test('mutes nothing, even if everyone may manage', async () => {
    await channels().updateMany({}, { $set: { managers: 'everyone' } });
    const ts = await alert(`Mute ${connectTeam}`);
    await running.slack.click({ user: olga, on: ts, actionId: 'mute_customer' });
    await expect.poll(() => lastEphemeral()).toMatch(/can mute customers/);
    expect(await running.db.collection('mutes').countDocuments({})).toBe(0);
  });

  test('manages nothing as another organisation, even if a manager named the person', async () => {
    const ira = 'W0IRA000001';
    running.slack.model.channel('#acme-globex').sharedWith.add(initech.id);
    await channels().updateMany({}, { $set: { managers: ['U0DANA00001', ira] } });
    const ts = await alert(`Organisation ${connectTeam}`);
    await running.slack.click({ user: ira, on: ts, actionId: 'mute_customer' });
    await expect.poll(() => lastEphemeral(ira)).toMatch(/can mute customers/);
    expect(await running.db.collection('mutes').countDocuments({})).toBe(0);
  });
});

describe('that the channel is shared', () => {
  const seen = '🌐 shared with another organisation (seen: <!date^';
  const externalSeenAt = async () => (await channels().findOne())?.externalSeenAt;
  beforeEach(async () => {
    // A click of the previous test may still be recorded, and its Home published, only now.
    const forget = async () => {
      await channels().updateMany({}, { $unset: { externalSeenAt: '' } });
      return dana.open('Edit rules');
    };
    await expect.poll(forget).not.toContain('another organisation');
  });

  test.each([
    ['app', 'open_in_perly'],
    ['theirs', 'acknowledge'],
    ['none', 'mute_customer'],
  ] as const)('is on Home once somebody from outside, whose team is %s, uses %s', async (team, actionId) => {
    running.slack.model.habits.connectTeam = team;
    const ts = await alert(`Seen ${team}`);
    await running.slack.click({ user: olga, on: ts, actionId });
    await expect.poll(() => dana.home()).toContain(seen);
    expect(running.slack.refusals).toEqual([]);
  });

  test('is not believed of people of the workspace, its guests included', async () => {
    const ts = await alert('Insiders');
    for (const user of ['milo', 'gus', 'dana']) {
      await running.slack.click({ user, on: ts, actionId: 'open_in_perly' });
      if (user !== 'dana') await running.slack.click({ user, on: ts, actionId: 'mute_customer' });
    }
    await muteCustomer(running, { user: 'dana', on: ts });
    await expect.poll(() => read(ts)).toMatch(/Muted until .* by @U0DANA00001/);
    await dana.open('Edit rules');
    expect(await externalSeenAt()).toBeUndefined();
  });

  test('is kept to the day, and forgotten when the channel is disconnected', async () => {
    const ts = await alert('Again');
    const click = () => running.slack.click({ user: olga, on: ts, actionId: 'open_in_perly' });
    await click();
    await expect.poll(externalSeenAt).toBeInstanceOf(Date);
    const first = await externalSeenAt();
    await click();
    await running.slack.click({ user: olga, on: ts, actionId: 'acknowledge' });
    await expect.poll(() => lastEphemeral()).toMatch(/^Only people of the organisation/);
    expect(await externalSeenAt()).toEqual(first);
    const old = new Date(first.getTime() - 25 * 3_600_000);
    await channels().updateMany({}, { $set: { externalSeenAt: old } });
    await click();
    await expect.poll(async () => (await externalSeenAt()) > first).toBe(true);

    await dana.press('channel_menu', 'Disconnect <#', 'disconnect');
    await dana.submit();
    expect(await channels().findOne({ status: 'disconnected' })).not.toHaveProperty('externalSeenAt');
    await running.connect('#acme-globex', 'acct_demo');
  });

  test('is said by the page and the first message when it is connected again', async () => {
    const pageOf = async () => (await readPage(await running.connect('#acme-globex', 'acct_demo'))).text;
    const firstMessage = () => read(running.slack.messages('#acme-globex').at(-1)?.ts ?? '');
    expect(await pageOf()).toContain('If this channel is shared with another organisation');
    expect(firstMessage()).toContain('connected this channel to Perly');
    expect(firstMessage()).not.toContain('another organisation');
    const ts = await alert('Before');
    await running.slack.click({ user: olga, on: ts, actionId: 'open_in_perly' });
    await expect.poll(externalSeenAt).toBeInstanceOf(Date);
    expect(await pageOf()).toContain('This channel is shared with another organisation.');
    expect(firstMessage()).toContain(
      '⚠️ This channel is shared with another organisation. Its people can read the alerts, too.',
    );
  });
});

test('a channel’s managers can let people from outside acknowledge', async () => {
  await dana.open('Edit rules');
  await dana.press('channel_menu', 'Managers can change the rules', 'managers');
  expect(dana.modalText()).toContain('People from other organisations');
  await dana.submit({ [dana.field('external')]: ['acknowledge'] });
  const ts = await alert('Allowed');
  await running.slack.click({ user: olga, on: ts, actionId: 'acknowledge' });
  await expect.poll(() => read(ts)).toContain(`✓ Acknowledged by @${olga}`);

  await dana.press('channel_menu', 'Managers can change the rules', 'managers');
  await dana.submit({ [dana.field('external')]: [] });
  const later = await alert('Not allowed any more');
  await running.slack.click({ user: olga, on: later, actionId: 'acknowledge' });
  await expect.poll(() => lastEphemeral()).toMatch(/^Only people of the organisation/);
  expect(
    await running.db.collection('audit').countDocuments({ action: 'external_acknowledge_changed' }),
  ).toBe(2);
});

test('an alert is still known after sharing has changed the channel’s id', async () => {
  const channel = running.slack.model.channel('#acme-globex');
  channel.sharedId = 'C0SHARED001';
  const ts = await alert('New id');
  await running.slack.click({ user: 'milo', on: ts, actionId: 'acknowledge' });
  await expect.poll(() => read(ts)).toContain('✓ Acknowledged by @U0MILO00002');
  await muteCustomer(running, { user: 'dana', on: ts });
  await expect.poll(() => read(ts)).toMatch(/Muted until .* by @U0DANA00001/);
  delete channel.sharedId;
});

test('the same event in two channels is acknowledged in the one where it was clicked', async () => {
  await running.seedChannel('#customer-health', 'acct_demo');
  const before = running.slack.messages('#customer-health').length;
  const ts = await alert('Twice');
  const [other] = (
    await running.slack.waitForMessages((all) => all.length > before, undefined, '#customer-health')
  ).slice(-1);
  await running.slack.click({ user: 'milo', on: ts, actionId: 'acknowledge' });
  await expect.poll(() => read(ts)).toContain('✓ Acknowledged');
  expect(read(other?.ts ?? '')).not.toContain('✓ Acknowledged');
});

test('Home opened from outside shows nothing of the workspace', async () => {
  const answer = await running.slack.openHome(olga, sharingTeam.id);
  expect(answer.status).toBe(200);
  await dana.open('Edit rules');
  expect(running.slack.home(olga, sharingTeam.id)).toBeUndefined();
  expect(await running.db.collection('homeViewers').countDocuments({ userId: olga })).toBe(0);
});

test('a Home that Slack does not let the app publish makes nobody known', async () => {
  await running.db.collection('insiders').deleteMany({});
  running.slack.failApi('views.publish', { error: 'user_not_found' });
  await running.slack.openHome('milo');
  // A Home that others have open may be published at the same moment, and be refused as well.
  await expect.poll(() => running.logs.filter((line) => line.includes('user_not_found'))).not.toEqual([]);
  const known = () => running.db.collection('insiders').countDocuments({ userId: 'U0MILO00002' });
  await expect
    .poll(() => running.db.collection('homeViewers').countDocuments({ userId: 'U0MILO00002' }))
    .toBe(0);
  expect(await known()).toBe(0);
  running.slack.clearFaults();
  await running.slack.openHome('milo');
  await expect.poll(known).toBe(1);
});

test('a guest acknowledges like everyone else in the workspace, and sees only their channels', async () => {
  const ts = await alert('Guest');
  await running.slack.click({ user: 'gus', on: ts, actionId: 'acknowledge' });
  await expect.poll(() => read(ts)).toContain('✓ Acknowledged by @U0GUEST0001');
  const seen = running.slack.model.channelsFor(running.slack.model.user('gus'), sharingTeam.id);
  expect(seen.map(({ name }) => name)).toEqual(['acme-globex']);
});
