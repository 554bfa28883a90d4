import pino from 'pino';
import { describe, expect, test } from 'vitest';
import type { Lease } from '../../src/delivery/lease-keeper.ts';
import { createRecorder } from '../../src/delivery/record.ts';
import { retryDelays } from '../../src/delivery/retry-schedule.ts';
import { createTurn } from '../../src/delivery/turn.ts';
import { defaultRules } from '../../src/rules/rules.ts';
import { weekdays } from '../../src/rules/vocabulary.ts';
import type { WebhookAnswer } from '../../src/slack/webhook/webhook-client.ts';
import { createChannelStore } from '../../src/store/channels.ts';
import { createDeliveryStore, type DeliveryStore } from '../../src/store/deliveries.ts';
import { createEventStore } from '../../src/store/events.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { createMuteStore } from '../../src/store/mutes.ts';
import { givenDatabase } from '../support/given-database.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { createTurnedClock } from '../support/turned-clock.ts';

const database = givenDatabase();

const ok: WebhookAnswer = { kind: 'answered', status: 200, body: 'ok', retryAfterMs: undefined };
const fault: WebhookAnswer = { kind: 'answered', status: 500, body: 'rollup_error', retryAfterMs: undefined };
const lost: WebhookAnswer = { kind: 'lost', code: 'ECONNRESET' };
const busy: WebhookAnswer = { kind: 'answered', status: 429, body: '', retryAfterMs: 30_000 };

/** Turns on the real stores, with a clock to turn and a Slack that answers from a list, then with `ok`. */
async function given(
  answers: (WebhookAnswer | Promise<WebhookAnswer>)[],
  change: (deliveries: DeliveryStore) => Partial<DeliveryStore> = () => ({}),
) {
  const clock = createTurnedClock();
  const channels = createChannelStore(database.db, createKeyring([Buffer.alloc(32, 1)]));
  const events = createEventStore(database.db);
  const real = createDeliveryStore(database.db);
  const deliveries: DeliveryStore = Object.assign({}, real, change(real));
  const posts: number[] = [];
  const turn = createTurn({
    channels,
    events,
    deliveries,
    webhook: {
      async post(_url, { attachments = [] }) {
        posts.push(attachments.length);
        return answers.shift() ?? ok;
      },
    },
    postsAtOnce: 1,
    clock,
    random: () => 0.5,
    logger: pino({ level: 'silent' }),
  });
  const { channel } = await channels.connect(
    {
      teamId: 'T1',
      teamName: null,
      slackChannelId: 'C1',
      name: '#c',
      accountId: 'acct_demo',
      webhookUrl: 'https://hooks.slack.com/services/T1/B1/x',
      connectedBy: 'U1',
    },
    clock.now(),
  );
  let isHeld = true;
  const lease: Lease = {
    channel: { id: channel._id, webhookUrl: '', connectedAt: channel.connectedAt, brokenAt: null },
    isHeld: () => isHeld,
  };
  const record = createRecorder({
    channels,
    // Not the turn's own, which would have the contents at hand.
    events: createEventStore(database.db),
    deliveries: real,
    mutes: createMuteStore(database.db),
    clock,
  });
  return {
    clock,
    posts,
    /** Business hours in an hour from now. */
    async beQuiet() {
      const hours = { timeZone: 'UTC', start: '15:00', end: '16:00', after: 'digest' } as const;
      const quietHours = { ...hours, businessDays: [...weekdays] };
      await channels.changeSettings(channel._id, channel.version, { rules: { ...defaultRules, quietHours } });
      return 3_600_000;
    },
    post: (id: string) => record([{ ...sampleEvent('seed-example'), id }]),
    turn: () => turn(lease),
    loseLease: () => {
      isHeld = false;
    },
    async find(id: string) {
      const found = await database.db
        .collection('deliveries')
        .findOne({ eventKey: JSON.stringify(['acct_demo', id]) });
      return {
        state: found?.state,
        attempts: found?.attempts,
        lostAnswers: found?.lostAnswers,
        due: found?.nextAttemptAt as Date,
      };
    },
  };
}

describe('a turn', () => {
  test('follows the whole schedule while Slack is away, and then gives up', async () => {
    const { clock, post, turn, find, posts } = await given(Array(20).fill(fault));
    await post('a');
    const delays: number[] = [];
    for (;;) {
      await turn();
      const { state, due } = await find('a');
      if (state !== 'pending') break;
      const delay = due.getTime() - clock.now().getTime();
      delays.push(delay);
      await clock.advance(delay - 1);
      expect(await turn()).toEqual({ kind: 'waiting', until: due });
      await clock.advance(1);
    }
    expect(delays).toEqual([...retryDelays]);
    expect(posts).toHaveLength(retryDelays.length + 1);
    expect(await find('a')).toMatchObject({ state: 'failed', attempts: retryDelays.length });
  });

  test('a wait that Slack asks for costs no try', async () => {
    const { clock, post, turn, find } = await given([busy, busy]);
    await post('a');
    const result = await turn();
    expect(result).toEqual({ kind: 'posted', until: new Date(clock.now().getTime() + 30_000), more: true });
    await turn();
    expect(await find('a')).toMatchObject({ state: 'pending', attempts: 0 });
    await turn();
    expect(await find('a')).toMatchObject({ state: 'sent', attempts: 0 });
  });

  test('a message that had to wait for its place is not sent when the lease ended meanwhile', async () => {
    let answer = (_: WebhookAnswer) => {};
    const slow = new Promise<WebhookAnswer>((resolve) => {
      answer = resolve;
    });
    const { post, turn, find, posts, loseLease } = await given([slow]);
    await post('a');
    const first = turn();
    await expect.poll(() => posts).toHaveLength(1);
    const second = turn();
    loseLease();
    answer(fault);
    await first;
    expect(await second).toEqual({ kind: 'idle' });
    expect(posts).toHaveLength(1);
    expect(await find('a')).toMatchObject({ state: 'pending', attempts: 1 });
  });

  test('news takes along what waits for a far retry, in order; a failure then costs only what was due', async () => {
    const { clock, post, turn, find, posts } = await given([fault, fault, fault, fault]);
    await post('old');
    for (let tries = 0; tries < 3; tries++) {
      await turn();
      await clock.advance((await find('old')).due.getTime() - clock.now().getTime());
    }
    await turn();
    const { due } = await find('old');
    expect(due.getTime() - clock.now().getTime()).toBe(120_000);

    await post('new');
    await turn();
    expect(posts.at(-1)).toBe(2);
    expect(await find('old')).toMatchObject({ state: 'sent', attempts: 4 });
    expect(await find('new')).toMatchObject({ state: 'sent', attempts: 0 });
  });

  test('what went along before its time keeps its tries and its time when that fails', async () => {
    const { post, turn, find } = await given([fault, fault]);
    await post('old');
    await turn();
    const before = await find('old');
    await post('new');
    await turn();
    expect(await find('old')).toEqual(before);
    expect(await find('new')).toMatchObject({ state: 'pending', attempts: 1 });
  });

  test('an answer that got lost is counted for all that may have been shown, and is a try of what was due', async () => {
    const { post, turn, find } = await given([fault, lost]);
    await post('old');
    await turn();
    const { due } = await find('old');
    await post('new');
    await turn();
    expect(await find('old')).toEqual({ state: 'pending', attempts: 1, lostAnswers: 1, due });
    expect(await find('new')).toMatchObject({ attempts: 1, lostAnswers: 1 });
  });

  test('a flood of news while answers get lost does not use up the tries of the old', async () => {
    const { post, turn, find } = await given(Array(20).fill(lost));
    await post('old');
    for (let index = 0; index < 15; index++) {
      await turn();
      await post(`new${index}`);
    }
    expect(await find('old')).toMatchObject({ state: 'pending', attempts: 1, lostAnswers: 15 });
  });

  test('what Slack took is not sent again because the database did not take the note', async () => {
    let faults = 2;
    const { post, turn, find, posts } = await given([], (real) => ({
      send: (...args) =>
        faults-- > 0 ? Promise.reject(new Error('the database is away')) : real.send(...args),
    }));
    await post('a');
    await expect(turn()).rejects.toThrow('the database is away');
    await expect(turn()).rejects.toThrow('the database is away');
    expect(await turn()).toEqual({ kind: 'idle' });
    expect(posts).toHaveLength(1);
    expect(await find('a')).toMatchObject({ state: 'sent' });
  });

  test('a digest that Slack does not take is tried again on the schedule, still as one', async () => {
    const { clock, beQuiet, post, turn, find, posts } = await given([fault, fault]);
    const untilOpening = await beQuiet();
    await post('a');
    await post('b');
    expect(await turn()).toEqual({ kind: 'idle' });
    await clock.advance(untilOpening);
    for (const attempts of [1, 2]) {
      await turn();
      const { due } = await find('a');
      const delay = due.getTime() - clock.now().getTime();
      expect(delay).toBe(retryDelays[attempts - 1]);
      for (const id of ['a', 'b']) expect(await find(id)).toMatchObject({ state: 'pending', attempts });
      expect(await turn()).toEqual({ kind: 'waiting', until: due });
      await clock.advance(delay);
    }
    expect(await turn()).toMatchObject({ kind: 'posted', more: false });
    for (const id of ['a', 'b']) expect(await find(id)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(posts).toEqual([1, 1, 1]);
  });

  test('a digest that Slack refuses, and as plain text too, is failed', async () => {
    const refused: WebhookAnswer = {
      kind: 'answered',
      status: 400,
      body: 'invalid_blocks',
      retryAfterMs: undefined,
    };
    const { clock, beQuiet, post, turn, find } = await given([refused, refused]);
    const untilOpening = await beQuiet();
    await post('a');
    await clock.advance(untilOpening);
    await turn();
    expect(await find('a')).toMatchObject({ state: 'failed' });
  });

  test('without the lease nothing is posted', async () => {
    const { post, turn, posts, loseLease, find } = await given([]);
    await post('a');
    loseLease();
    expect(await turn()).toEqual({ kind: 'idle' });
    expect(posts).toEqual([]);
    expect(await find('a')).toMatchObject({ state: 'pending', attempts: 0 });
  });

  test('more than Slack takes in one message is left for the next', async () => {
    const { post, turn, posts } = await given([]);
    for (let index = 0; index < 25; index++) await post(`e${index}`);
    expect(await turn()).toMatchObject({ kind: 'posted', more: true });
    expect(await turn()).toMatchObject({ kind: 'posted', more: false });
    expect(posts).toEqual([18, 7]);
    expect(await turn()).toEqual({ kind: 'idle' });
  });

  test('a delivery whose event expired is given up, and the others are sent', async () => {
    const { post, turn, find } = await given([]);
    await post('gone');
    await post('a');
    await database.db.collection('events').deleteOne({ eventId: 'gone' });
    await turn();
    await turn();
    expect(await find('gone')).toMatchObject({ state: 'failed' });
    expect(await find('a')).toMatchObject({ state: 'sent' });
  });
});
