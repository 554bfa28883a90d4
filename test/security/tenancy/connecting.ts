import { expect } from 'vitest';
import type { SlackLinks } from '../../../src/slack/install/slack-links.ts';
import { openBrowser } from '../../support/browser.ts';
import { beginInBrowser, connectInBrowser } from '../../support/linking.ts';
import { slackLinksOf } from '../../support/slack-links-of.ts';
import type { ExpectedChannel, Scenario } from './scenario.ts';

// Steps by which channels start and stop serving accounts, in the app and in the model.

export function serves({ state, account: own }: ExpectedChannel, wanted: number): boolean {
  return state === 'serving' && own === wanted;
}

export function end(channel: ExpectedChannel, state: 'off' | 'waiting'): void {
  Object.assign(channel, { state, failed: 0 });
}

function serve(channel: ExpectedChannel, wanted: number): void {
  if (!serves(channel, wanted)) Object.assign(channel, { state: 'serving', account: wanted, failed: 0 });
}

export function install({ app, team }: Scenario, url: string, { name }: ExpectedChannel): Promise<Response> {
  return app.slack.install(url, { channel: name, team: team.name });
}

export async function connect(scenario: Scenario, target: ExpectedChannel, wanted: number): Promise<void> {
  const url = `${scenario.app.url}/slack/install?token=${await scenario.connectToken(wanted)}`;
  const { status } = await install(scenario, url, target);
  const isFree = isFreeFor(target, wanted);
  expect(status === 200).toBe(isFree);
  if (!isFree) return;
  serve(target, wanted);
  scenario.linked.add(wanted);
}

function isFreeFor(target: ExpectedChannel, wanted: number): boolean {
  return target.state !== 'serving' || target.account === wanted;
}

export async function reconnect(scenario: Scenario, target: ExpectedChannel): Promise<void> {
  const { team, userId } = scenario;
  const url = await linksOf(scenario).reconnect({ teamId: team.id, userId }, target.id);
  expect((await install(scenario, url, target)).status).toBe(200);
  if (target.state === 'off') target.state = 'waiting';
}

export async function add(scenario: Scenario, target: ExpectedChannel, wanted: number): Promise<void> {
  const { team, userId, accounts, linked } = scenario;
  const url = await linksOf(scenario).addChannel({ teamId: team.id, userId }, accounts[wanted]);
  const { status } = await install(scenario, url, target);
  const isFree = !linked.has(wanted) || isFreeFor(target, wanted);
  expect(status === 200).toBe(isFree);
  if (!isFree) return;
  if (linked.has(wanted)) serve(target, wanted);
  else if (target.state === 'off') target.state = 'waiting';
}

/** Installs from the App Directory, and links the waiting channels in the same browser. */
export async function link(scenario: Scenario, target: ExpectedChannel, wanted: number): Promise<void> {
  if (target.state === 'serving') return;
  const { app, team } = scenario;
  const browser = openBrowser();
  const page = await connectInBrowser(app, browser, { channel: target.name, team: team.name });
  const state = await beginInBrowser(browser, page);
  const token = await scenario.connectToken(wanted, { state });
  const answer = await browser.get(`${app.url}/perly/link?token=${token}`);
  expect(answer.status).toBe(200);
  if (target.state === 'off') target.state = 'waiting';
  for (const each of scenario.channels) if (each.state === 'waiting') serve(each, wanted);
  scenario.linked.add(wanted);
}

export async function deleteAccount(scenario: Scenario, wanted: number): Promise<void> {
  expect(await scenario.deleteAccount(wanted)).toBe(204);
  for (const each of scenario.servedBy(wanted)) end(each, 'off');
  scenario.linked.delete(wanted);
  const kept = scenario.posted.filter(({ account: owner }) => owner !== wanted);
  scenario.posted.splice(0, scenario.posted.length, ...kept);
}

function linksOf({ app }: Scenario): SlackLinks {
  return slackLinksOf(app);
}

export async function move(scenario: Scenario, from: ExpectedChannel, to: ExpectedChannel): Promise<void> {
  if (from === to || from.state === 'off') return;
  const { app, team, userId } = scenario;
  const url = await linksOf(scenario).move({ teamId: team.id, userId }, from.id);
  const failed = await countMovable(scenario, from, to);
  const { status } = await app.slack.install(url, { channel: to.name });
  expect(status === 200).toBe(to.state === 'off');
  if (to.state !== 'off') return;
  if (from.state === 'serving' && from.account !== undefined) {
    serve(to, from.account);
    to.failed = failed;
  } else to.state = 'waiting';
  end(from, 'off');
}

/** Counts failed alerts, except those that the new channel already had. */
async function countMovable({ app }: Scenario, from: ExpectedChannel, to: ExpectedChannel): Promise<number> {
  const deliveries = app.db.collection('deliveries');
  const [failed, had] = await Promise.all([
    deliveries.find({ channelId: from.id, state: 'failed', reminder: { $exists: false } }).toArray(),
    deliveries.find({ channelId: to.id, lastError: { $nin: ['moved', 'disconnected'] } }).toArray(),
  ]);
  const keys = new Set(had.map(({ eventKey }) => eventKey));
  return failed.filter(({ eventKey }) => !keys.has(eventKey)).length;
}
