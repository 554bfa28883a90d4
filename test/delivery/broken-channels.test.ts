import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { createBrokenChannelRecovery } from '../../src/delivery/broken-channels.ts';
import type { WebhookAnswer } from '../../src/slack/webhook/webhook-client.ts';
import { createChannelHealthStore } from '../../src/store/channel-health.ts';
import { createChannelStore } from '../../src/store/channels.ts';
import { createEventStore } from '../../src/store/events.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { givenDatabase } from '../support/given-database.ts';
import { givenTurn, ok } from '../support/given-turn.ts';
import { eventOf } from '../support/named-events.ts';

const database = givenDatabase();
const hour = 3_600_000;

const answered = (status: number, body: string): WebhookAnswer => ({
  kind: 'answered',
  status,
  body,
  headers: {},
});

/** A channel that broke with this answer, and its recovery, whose posts Slack answers from the list. */
async function given(breaking: WebhookAnswer, answers: WebhookAnswer[]) {
  const { db } = database;
  const setting = await givenTurn(db, [breaking]);
  const { record, turn, clock, deliveries } = setting;
  const posts: string[] = [];
  const restored: string[] = [];
  const recover = createBrokenChannelRecovery({
    channels: createChannelStore(db, createKeyring([Buffer.alloc(32, 1)])),
    channelHealth: createChannelHealthStore(db),
    deliveries,
    events: createEventStore(db),
    webhook: {
      async post(_url, message) {
        posts.push(...(JSON.stringify(message).match(/Good\d|Critical/) ?? []));
        return answers.shift() ?? ok;
      },
    },
    greet: (_id, work) => work(true, async () => true),
    async tell(channel) {
      restored.push(channel._id);
      return channel;
    },
    clock,
    logger: pino({ level: 'silent' }),
  });
  await record([eventOf('Good1')]);
  await turn();
  await record([eventOf('Good2'), { ...eventOf('Critical'), risk_level: 'critical' }]);
  const channel = () => db.collection('channels').findOne();
  const states = async () =>
    (await db.collection('deliveries').find().sort({ sequence: 1 }).toArray()).map(({ state }) => state);
  return { ...setting, recover, posts, restored, channel, states };
}

describe('a broken channel', () => {
  test('holds what comes, critical alerts too, for as long as it takes', async () => {
    const { recover, states, channel, posts, clock } = await given(answered(404, 'no_service'), []);
    expect(await states()).toEqual(['held', 'held', 'held']);
    await clock.advance(1000 * hour);
    await recover();
    expect(posts).toEqual([]);
    expect(await channel()).toMatchObject({ status: 'broken', retryAt: null });
  });

  test.each([
    [410, 'channel_is_archived'],
    [403, 'action_prohibited'],
    [403, 'team_disabled'],
    [404, 'channel_not_found'],
  ])('%i %s: is tried after an hour and then daily, with one alert that it holds', async (status, body) => {
    const still = answered(status, body);
    const { recover, posts, channel, clock, states } = await given(still, [still, still]);
    await recover();
    expect(posts).toEqual([]);
    await clock.advance(hour);
    await recover();
    await recover();
    expect(posts).toEqual(['Critical']);
    await clock.advance(23 * hour);
    await recover();
    expect(posts).toHaveLength(1);
    await clock.advance(hour);
    await recover();
    expect(posts).toHaveLength(2);
    expect(await channel()).toMatchObject({ status: 'broken' });
    expect(await states()).toEqual(['held', 'held', 'held']);
  });

  test('that Slack takes an alert for is active again; the rest comes as one digest', async () => {
    const { recover, channel, clock, states, restored, turn, posts } = await given(
      answered(410, 'channel_is_archived'),
      [],
    );
    await clock.advance(hour);
    await recover();
    expect(await channel()).toMatchObject({ status: 'active', brokenReason: null, retryAt: null });
    expect(restored).toHaveLength(1);
    expect(posts).toEqual(['Critical']);
    expect(await states()).toEqual(['held', 'held', 'sent']);
    expect(await turn()).toMatchObject({ kind: 'posted' });
    expect(await states()).toEqual(['sent', 'sent', 'sent']);
  });

  test.each([
    ['an answer that says nothing', answered(403, '<html>')],
    ['an outage', answered(503, '')],
    ['a lost answer', { kind: 'lost', code: 'ECONNRESET' } as const],
    ['a word that nobody knows', answered(400, 'something_new')],
  ])('stays broken after %s, and is tried again in an hour', async (_, answer) => {
    const { recover, channel, clock, posts } = await given(answered(410, 'channel_is_archived'), [answer]);
    await clock.advance(hour);
    await recover();
    expect(await channel()).toMatchObject({ status: 'broken' });
    await clock.advance(hour);
    await recover();
    expect(posts).toHaveLength(2);
    expect(await channel()).toMatchObject({ status: 'active' });
  });

  test('is active again when Slack refuses only the alert itself', async () => {
    const { recover, channel, clock, states } = await given(answered(410, 'channel_is_archived'), [
      answered(400, 'invalid_blocks'),
    ]);
    await clock.advance(hour);
    await recover();
    expect(await channel()).toMatchObject({ status: 'active' });
    expect(await states()).toEqual(['held', 'held', 'held']);
  });

  test('is tried with another alert each hour, so that one that nothing takes holds up no other', async () => {
    const { recover, posts, channel, clock } = await given(answered(410, 'channel_is_archived'), [
      { kind: 'lost', code: 'ECONNRESET' },
      answered(403, '<html>'),
    ]);
    for (let hours = 0; hours < 3; hours++) {
      await clock.advance(hour);
      await recover();
    }
    expect(posts).toEqual(['Critical', 'Good1', 'Good2']);
    expect(await channel()).toMatchObject({ status: 'active' });
  });

  test('is tried with what did not expire yet', async () => {
    const { recover, posts, clock, states } = await given(answered(410, 'channel_is_archived'), []);
    await database.db.collection('events').deleteOne({ 'event.risk_level': 'critical' });
    await clock.advance(hour);
    await recover();
    expect(posts).toEqual(['Good1']);
    expect(await states()).toEqual(['sent', 'held', 'failed']);
  });
});
