import { expect } from 'vitest';
import { elementsOf } from '../../../sandbox/slack/find-element.ts';
import { deliveryKey } from '../../../src/store/deliveries/document.ts';
import { eventKey } from '../../../src/store/events.ts';
import { textOf } from '../../support/view-text.ts';
import type { ExpectedChannel, World } from './world.ts';

/** The number of latest events whose status each account requests. */
const latestEvents = 5;

/** No account sees, sends or counts anything of another's. @param depth `quick` skips channels of other accounts */
export async function checkWorld(world: World, depth: 'quick' | 'full'): Promise<void> {
  await Promise.all([
    ...world.accounts.map((_, account) => checkApi(world, account, depth)),
    checkSlack(world),
    checkOperators(world),
    checkDatabase(world),
  ]);
  expect(world.leaks).toEqual([]);
}

/** An answer may hold the account's own mark and name, and nobody else's; a view may hold names. */
function expectOnly(world: World, account: number | undefined, where: string, seen: unknown): void {
  const text = typeof seen === 'string' ? seen : JSON.stringify(seen);
  for (const [other, name] of world.accounts.entries()) {
    if (other === account) continue;
    if (typeof seen !== 'string') expect(text, `${where}, seen by account ${account}`).not.toContain(name);
    expect(text, `${where}, seen by account ${account}`).not.toContain(world.mark(other));
  }
}

async function checkApi(world: World, account: number, depth: 'quick' | 'full'): Promise<void> {
  const api = world.api(account);
  const own = world.servedBy(account);
  const list = await api('get', '/perly/channels');
  expectOnly(world, account, 'channels', list.body);
  const links = await api('get', '/perly/links');
  expect(links.body.links).toHaveLength(world.linked.has(account) ? 1 : 0);
  const shown = list.body.channels as { id: string; counts: { held: number; failed: number } }[];
  expect(shown.map(({ id, counts }) => [id, counts.failed, counts.held])).toEqual(
    own.map(({ id, failed }) => [id, failed, 0]),
  );
  await Promise.all(world.channels.map((channel) => checkChannel(world, account, channel, depth)));
  await Promise.all(world.posted.slice(-latestEvents).map((event) => checkEvent(world, account, event)));
}

async function checkChannel(
  world: World,
  account: number,
  channel: ExpectedChannel,
  depth: 'quick' | 'full',
): Promise<void> {
  const api = world.api(account);
  const isOwn = channel.state === 'serving' && channel.account === account;
  const parts = isOwn || depth === 'full' ? ['', '/rules', '/activity', '/failed-deliveries'] : [''];
  for (const part of parts) {
    const { status, body } = await api('get', `/perly/channels/${channel.id}${part}`);
    expect(status, `${part} of ${channel.name}`).toBe(isOwn ? 200 : 404);
    expectOnly(world, account, `channel${part}`, body);
    if (!isOwn) continue;
    if (part === '/failed-deliveries') expect(body.deliveries).toHaveLength(channel.failed);
    if (part === '/rules') expect([0, account + 1]).toContain(body.score_delta_minimum);
  }
}

async function checkEvent(
  world: World,
  account: number,
  event: { account: number; id: string },
): Promise<void> {
  const answer = await world.api(account)('get', `/perly/events/${event.id}`);
  expect(answer.status).toBe(event.account === account ? 200 : 404);
  if (event.account !== account) return;
  const { channels } = answer.body as {
    channels: { channel: { id: string; name: string | null } }[];
  };
  for (const { channel } of channels) {
    const isOwn = world.servedBy(account).some(({ id }) => id === channel.id);
    expect(channel.name === null).toBe(!isOwn);
  }
}

/** Home, and Activity of each channel, as the manager of all of them sees them. */
async function checkSlack({ app, team, userId, ...world }: World): Promise<void> {
  const { slack } = app;
  const connected = world.channels.filter(({ state }) => state !== 'off');
  if (connected.length === 0) return;
  const before = slack.home(userId, team.id)?.hash;
  expect((await slack.openHome(userId, team.id)).status).toBe(200);
  await expect.poll(() => slack.home(userId, team.id)?.hash, { interval: 20 }).not.toBe(before);
  const home = textOf(slack.home(userId, team.id));
  expectOnly({ app, team, userId, ...world }, undefined, 'Home', home);
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
    expectOnly({ app, team, userId, ...world }, account, 'Activity', modal());
    await slack.closeView(userId, { all: true, teamId: team.id });
  }
}

async function checkOperators(world: World): Promise<void> {
  for (const channel of world.channels) {
    const listed = await world.failedDeliveries.list(100, channel.id);
    expect(listed).toHaveLength(channel.state === 'serving' ? channel.failed : 0);
    for (const { accountId } of listed) expect(accountId).toBe(world.accounts[channel.account ?? -1]);
    for (const { account, id } of world.posted.slice(-latestEvents)) {
      const key = deliveryKey(eventKey(world.accounts[account] ?? '', id), channel.id);
      const found = await world.failedDeliveries.find(key);
      if (channel.state !== 'serving' || channel.account !== account)
        expect(['ended', undefined]).toContain(found);
    }
  }
}

/** What an account left is ended: nothing waits, and nothing can be retried. */
async function checkDatabase(world: World): Promise<void> {
  for (const channel of world.channels) {
    const accountId = channel.state === 'serving' ? world.accounts[channel.account ?? -1] : null;
    const others = { channelId: channel.id, accountId: { $ne: accountId } };
    const left = { ...others, state: { $in: ['pending', 'held', 'failed'] } };
    expect(await world.app.db.collection('deliveries').countDocuments(left)).toBe(0);
    expect(await world.app.db.collection('mutes').countDocuments(others)).toBe(0);
  }
}
