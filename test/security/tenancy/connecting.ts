import { expect } from 'vitest';
import type { SlackLinks } from '../../../src/slack/install/slack-links.ts';
import { openBrowser } from '../../support/browser.ts';
import { beginInBrowser, connectInBrowser } from '../../support/linking.ts';
import { slackLinksOf } from '../../support/slack-links-of.ts';
import type { ExpectedChannel, World } from './world.ts';

// How channels start and stop serving accounts, in the app and in the model.

export function serves({ state, account: own }: ExpectedChannel, wanted: number): boolean {
  return state === 'serving' && own === wanted;
}

export function end(channel: ExpectedChannel, state: 'off' | 'waiting'): void {
  Object.assign(channel, { state, failed: 0 });
}

function serve(channel: ExpectedChannel, wanted: number): void {
  if (!serves(channel, wanted)) Object.assign(channel, { state: 'serving', account: wanted, failed: 0 });
}

export function install({ app, team }: World, url: string, { name }: ExpectedChannel): Promise<Response> {
  return app.slack.install(url, { channel: name, team: team.name });
}

export async function connect(world: World, target: ExpectedChannel, wanted: number): Promise<void> {
  const url = `${world.app.url}/slack/install?token=${await world.connectToken(wanted)}`;
  const { status } = await install(world, url, target);
  const isFree = isFreeFor(target, wanted);
  expect(status === 200).toBe(isFree);
  if (!isFree) return;
  serve(target, wanted);
  world.linked.add(wanted);
}

function isFreeFor(target: ExpectedChannel, wanted: number): boolean {
  return target.state !== 'serving' || target.account === wanted;
}

export async function reconnect(world: World, target: ExpectedChannel): Promise<void> {
  const { team, userId } = world;
  const url = await linksOf(world).reconnect({ teamId: team.id, userId }, target.id);
  expect((await install(world, url, target)).status).toBe(200);
  if (target.state === 'off') target.state = 'waiting';
}

export async function add(world: World, target: ExpectedChannel, wanted: number): Promise<void> {
  const { team, userId, accounts, linked } = world;
  const url = await linksOf(world).addChannel({ teamId: team.id, userId }, accounts[wanted]);
  const { status } = await install(world, url, target);
  const isFree = !linked.has(wanted) || isFreeFor(target, wanted);
  expect(status === 200).toBe(isFree);
  if (!isFree) return;
  if (linked.has(wanted)) serve(target, wanted);
  else if (target.state === 'off') target.state = 'waiting';
}

/** Installs from the App Directory, and links the waiting channels in the same browser. */
export async function link(world: World, target: ExpectedChannel, wanted: number): Promise<void> {
  if (target.state === 'serving') return;
  const { app, team } = world;
  const browser = openBrowser();
  const page = await connectInBrowser(app, browser, { channel: target.name, team: team.name });
  const state = await beginInBrowser(browser, page);
  const token = await world.connectToken(wanted, { state });
  const answer = await browser.get(`${app.url}/perly/link?token=${token}`);
  expect(answer.status).toBe(200);
  if (target.state === 'off') target.state = 'waiting';
  for (const each of world.channels) if (each.state === 'waiting') serve(each, wanted);
  world.linked.add(wanted);
}

export async function deleteAccount(world: World, wanted: number): Promise<void> {
  expect(await world.deleteAccount(wanted)).toBe(204);
  for (const each of world.servedBy(wanted)) end(each, 'off');
  world.linked.delete(wanted);
  const kept = world.posted.filter(({ account: owner }) => owner !== wanted);
  world.posted.splice(0, world.posted.length, ...kept);
}

function linksOf({ app }: World): SlackLinks {
  return slackLinksOf(app);
}

export async function move(world: World, from: ExpectedChannel, to: ExpectedChannel): Promise<void> {
  if (from === to || from.state === 'off') return;
  const { app, team, userId } = world;
  const url = await linksOf(world).move({ teamId: team.id, userId }, from.id);
  const { status } = await app.slack.install(url, { channel: to.name });
  expect(status === 200).toBe(to.state === 'off');
  if (to.state !== 'off') return;
  if (from.state === 'serving' && from.account !== undefined) serve(to, from.account);
  else to.state = 'waiting';
  end(from, 'off');
}
