import { expect } from 'vitest';
import { elementsOf } from '../../../sandbox/slack/find-element.ts';
import { deliveryKey } from '../../../src/store/deliveries/document.ts';
import { eventKey } from '../../../src/store/events.ts';
import { textOf } from '../../support/view-text.ts';
import type { ExpectedChannel, Scenario } from './scenario.ts';

/** The number of latest events whose status each account requests. */
const latestEvents = 5;

/** Expects that no account sees, sends or counts anything of another's. @param depth `quick` skips channels of other accounts */
export async function checkScenario(scenario: Scenario, depth: 'quick' | 'full'): Promise<void> {
  await Promise.all([
    ...scenario.accounts.map((_, account) => checkApi(scenario, account, depth)),
    checkSlack(scenario),
    checkOperators(scenario),
    checkDatabase(scenario),
  ]);
  expect(scenario.leaks).toEqual([]);
}

/** An answer may hold the account's own mark and name, and nobody else's; a view may hold names. */
function expectOnly(scenario: Scenario, account: number | undefined, where: string, seen: unknown): void {
  const text = typeof seen === 'string' ? seen : JSON.stringify(seen);
  for (const [other, name] of scenario.accounts.entries()) {
    if (other === account) continue;
    if (typeof seen !== 'string') expect(text, `${where}, seen by account ${account}`).not.toContain(name);
    expect(text, `${where}, seen by account ${account}`).not.toContain(scenario.mark(other));
  }
}

async function checkApi(scenario: Scenario, account: number, depth: 'quick' | 'full'): Promise<void> {
  const api = scenario.api(account);
  const own = scenario.servedBy(account);
  const list = await api('get', '/perly/channels');
  expectOnly(scenario, account, 'channels', list.body);
  const links = await api('get', '/perly/links');
  expect(links.body.links).toHaveLength(scenario.linked.has(account) ? 1 : 0);
  const shown = list.body.channels as { id: string; counts: { held: number; failed: number } }[];
  expect(shown.map(({ id, counts }) => [id, counts.failed, counts.held])).toEqual(
    own.map(({ id, failed }) => [id, failed, 0]),
  );
  await Promise.all(scenario.channels.map((channel) => checkChannel(scenario, account, channel, depth)));
  await Promise.all(
    scenario.posted.slice(-latestEvents).map((event) => checkEvent(scenario, account, event)),
  );
}

async function checkChannel(
  scenario: Scenario,
  account: number,
  channel: ExpectedChannel,
  depth: 'quick' | 'full',
): Promise<void> {
  const api = scenario.api(account);
  const isOwn = channel.state === 'serving' && channel.account === account;
  const parts = isOwn || depth === 'full' ? ['', '/rules', '/activity', '/failed-deliveries'] : [''];
  for (const part of parts) {
    const { status, body } = await api('get', `/perly/channels/${channel.id}${part}`);
    expect(status, `${part} of ${channel.name}`).toBe(isOwn ? 200 : 404);
    expectOnly(scenario, account, `channel${part}`, body);
    if (!isOwn) continue;
    if (part === '/failed-deliveries') expect(body.deliveries).toHaveLength(channel.failed);
    if (part === '/rules') expect([0, account + 1]).toContain(body.score_delta_minimum);
  }
}

async function checkEvent(
  scenario: Scenario,
  account: number,
  event: { account: number; id: string },
): Promise<void> {
  const answer = await scenario.api(account)('get', `/perly/events/${event.id}`);
  expect(answer.status).toBe(event.account === account ? 200 : 404);
  if (event.account !== account) return;
  const { channels } = answer.body as {
    channels: { channel: { id: string; name: string | null } }[];
  };
  for (const { channel } of channels) {
    const isOwn = scenario.servedBy(account).some(({ id }) => id === channel.id);
    expect(channel.name === null).toBe(!isOwn);
  }
}

/** Home, and Activity of each channel, as the manager of all of them sees them. */
async function checkSlack({ app, team, userId, ...scenario }: Scenario): Promise<void> {
  const { slack } = app;
  const connected = scenario.channels.filter(({ state }) => state !== 'off');
  if (connected.length === 0) return;
  const before = slack.home(userId, team.id)?.hash;
  expect((await slack.openHome(userId, team.id)).status).toBe(200);
  await expect.poll(() => slack.home(userId, team.id)?.hash, { interval: 20 }).not.toBe(before);
  const home = textOf(slack.home(userId, team.id));
  expectOnly({ app, team, userId, ...scenario }, undefined, 'Home', home);
  const counted = [...home.matchAll(/(\d+) failed, see Activity/g)].map(([, count]) => Number(count));
  const expected = connected.map(({ failed }) => failed).filter((failed) => failed > 0);
  expect(counted.toSorted()).toEqual(expected.toSorted());

  for (const channel of connected) {
    const control = elementsOf(slack.home(userId, team.id)?.content.blocks).find(
      ({ actionId, blockId }) => actionId === 'channel_activity' && blockId.includes(channel.slackId),
    );
    await slack.click({
      user: userId,
      teamId: team.id,
      on: 'home',
      actionId: 'channel_activity',
      blockId: control?.blockId ?? '',
    });
    const modal = () => textOf(slack.modals(userId, team.id).at(-1));
    await expect.poll(modal, { interval: 20 }).toContain('Recent events for');
    const account = channel.state === 'serving' ? channel.account : undefined;
    expectOnly({ app, team, userId, ...scenario }, account, 'Activity', modal());
    await slack.closeView(userId, { all: true, teamId: team.id });
  }
}

async function checkOperators(scenario: Scenario): Promise<void> {
  for (const channel of scenario.channels) {
    const listed = await scenario.failedDeliveries.list(100, channel.id);
    expect(listed).toHaveLength(channel.state === 'serving' ? channel.failed : 0);
    for (const { accountId } of listed) expect(accountId).toBe(scenario.accounts[channel.account ?? -1]);
    for (const { account, id } of scenario.posted.slice(-latestEvents)) {
      const key = deliveryKey(eventKey(scenario.accounts[account] ?? '', id), channel.id);
      const found = await scenario.failedDeliveries.find(key);
      if (channel.state !== 'serving' || channel.account !== account)
        expect(['ended', undefined]).toContain(found);
    }
  }
}

/** Checks that nothing of former accounts waits or can be retried. */
async function checkDatabase(scenario: Scenario): Promise<void> {
  for (const channel of scenario.channels) {
    const accountId = channel.state === 'serving' ? scenario.accounts[channel.account ?? -1] : null;
    const others = { channelId: channel.id, accountId: { $ne: accountId } };
    const left = { ...others, state: { $in: ['pending', 'held', 'failed'] } };
    expect(await scenario.app.db.collection('deliveries').countDocuments(left)).toBe(0);
    expect(await scenario.app.db.collection('mutes').countDocuments(others)).toBe(0);
  }
}
