import { expect } from 'vitest';
import { minuteMs } from '../../../src/lib/time.ts';
import type { TestApp } from '../../support/test-app.ts';
import { settled } from './settled.ts';
import { type ExpectedChannel, ownerId, type World } from './world.ts';

/** Longer than the shortest time after which alerts are reminded of. */
const agedMs = 16 * minuteMs;

/** An account says who its owners are in the workspace. */
export async function mention(world: World, account: number): Promise<void> {
  const path = `/perly/links/${world.team.id}/owners/${ownerId}`;
  const { status } = await world.api(account)('put', path, {
    body: { slack_user: world.ownerUser(account) },
  });
  expect(status).toBe(world.linked.has(account) ? 200 : 404);
}

/** A critical alert in a channel that reminds of it, of whichever account it serves. */
export async function postCritical(world: World, { state, account, id }: ExpectedChannel): Promise<void> {
  if (state !== 'serving' || account === undefined) return;
  const api = world.api(account);
  const path = `/perly/channels/${id}/rules`;
  const { body, etag } = await api('get', path);
  const rules = { ...body, remind_after: '15_minutes', mention_owner: 'always' };
  expect((await api('put', path, { body: rules, ...(etag !== null && { ifMatch: etag }) })).status).toBe(200);
  const critical = world.nextEvent(account, { risk_level: 'critical' });
  expect((await world.app.perly.post(critical)).status).toBe(202);
  await settled(world);
}

/** Lets the reminders fall due, of alerts that nobody acknowledged and whose customers are not muted. */
export async function remind(world: World): Promise<void> {
  const due = await listDue(world);
  await age(world);
  await world.recover();
  await settled(world);
  expect([...world.reminders]).toEqual(expect.arrayContaining(due));
}

/** By channel and customer. */
async function listDue({ app, channels, accounts }: World): Promise<string[]> {
  const ofWorld = { channelId: { $in: channels.map(({ id }) => id) } };
  const waiting = { ...ofWorld, awaitsReminder: true, state: 'sent', acknowledgedAt: null };
  const [deliveries, mutes, stored] = await Promise.all([
    app.db.collection('deliveries').find(waiting).toArray(),
    app.db.collection('mutes').find(ofWorld).toArray(),
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

/** All times that reminders depend on, so that nothing changes between them. */
async function age({ app, channels }: World): Promise<void> {
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
