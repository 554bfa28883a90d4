import { expect } from 'vitest';
import { minuteMs } from '../../../src/lib/time.ts';
import type { TestApp } from '../../support/test-app.ts';
import { type ExpectedChannel, ownerId, type Scenario } from './scenario.ts';
import { waitUntilSent } from './wait-until-sent.ts';

/** Longer than the shortest time after which alerts are reminded of. */
const agedMs = 16 * minuteMs;

/** Sets the Slack user of an account's owners in the workspace. */
export async function mention(scenario: Scenario, account: number): Promise<void> {
  const path = `/perly/links/${scenario.team.id}/owners/${ownerId}`;
  const { status } = await scenario.api(account)('put', path, {
    body: { slack_user: scenario.ownerUser(account) },
  });
  expect(status).toBe(scenario.linked.has(account) ? 200 : 404);
}

/** Posts a critical event for the account that the channel serves, with reminders on. */
export async function postCritical(
  scenario: Scenario,
  { state, account, id }: ExpectedChannel,
): Promise<void> {
  if (state !== 'serving' || account === undefined) return;
  const api = scenario.api(account);
  const path = `/perly/channels/${id}/rules`;
  const { body, etag } = await api('get', path);
  const rules = { ...body, remind_after: '15_minutes', mention_owner: 'always' };
  expect((await api('put', path, { body: rules, ...(etag !== null && { ifMatch: etag }) })).status).toBe(200);
  const critical = scenario.nextEvent(account, { risk_level: 'critical' });
  expect((await scenario.app.perly.post(critical)).status).toBe(202);
  await waitUntilSent(scenario);
}

/** Makes the reminders fall due of alerts that nobody acknowledged and whose customers are not muted. */
export async function remind(scenario: Scenario): Promise<void> {
  const due = await listDue(scenario);
  await age(scenario);
  await scenario.recover();
  await waitUntilSent(scenario);
  expect([...scenario.reminders]).toEqual(expect.arrayContaining(due));
}

/** By channel and customer. */
async function listDue({ app, channels, accounts }: Scenario): Promise<string[]> {
  const ofScenario = { channelId: { $in: channels.map(({ id }) => id) } };
  const waiting = { ...ofScenario, awaitsReminder: true, state: 'sent', acknowledgedAt: null };
  const [deliveries, mutes, stored] = await Promise.all([
    app.db.collection('deliveries').find(waiting).toArray(),
    app.db.collection('mutes').find(ofScenario).toArray(),
    listChannels(app, channels),
  ]);
  return deliveries.flatMap(({ eventKey, channelId, finishedAt }) => {
    const [accountId, eventId = ''] = JSON.parse(eventKey) as string[];
    const customer = eventId.replace('evt_', '');
    const channel = channels.find(({ id }) => id === channelId);
    const isServed = channel?.state === 'serving' && accounts[channel.account ?? -1] === accountId;
    const since = stored.find(({ _id }) => _id === channelId)?.servesSince;
    const isMuted = mutes.some(
      (mute) => mute.channelId === channelId && mute.customerId === `cus_${customer}`,
    );
    return isServed && since !== undefined && finishedAt >= since && !isMuted
      ? [`${channel.name} ${customer}`]
      : [];
  });
}

function listChannels(app: TestApp, channels: readonly ExpectedChannel[]) {
  const _id = { $in: channels.map(({ id }) => id) };
  const stored = app.db.collection<{ _id: string; servesSince: Date }>('channels');
  return stored.find({ _id, accountId: { $type: 'string' } } as object).toArray();
}

/** Backdates all times that reminders depend on, so that their order stays the same. */
async function age({ app, channels }: Scenario): Promise<void> {
  const aged = (at: Date) => new Date(at.getTime() - agedMs);
  for (const { _id, servesSince } of await listChannels(app, channels))
    await app.db
      .collection<{ _id: string }>('channels')
      .updateOne({ _id }, { $set: { servesSince: aged(servesSince) } });
  const deliveries = app.db.collection('deliveries');
  const finished = {
    channelId: { $in: channels.map(({ id }) => id) },
    finishedAt: { $type: 'date' },
  } as const;
  for (const { _id, finishedAt } of await deliveries.find(finished).toArray())
    await deliveries.updateOne({ _id }, { $set: { finishedAt: aged(finishedAt) } });
}
