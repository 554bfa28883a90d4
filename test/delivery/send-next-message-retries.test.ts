import { describe, expect, test } from 'vitest';
import { retryDelays } from '../../src/delivery/retry-schedule.ts';
import type { WebhookAnswer } from '../../src/delivery/webhook/client.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { busy, fault, lost, setupSender, timeout } from '../support/setup-sender.ts';

const database = setupDatabase();
const setup = (answers: WebhookAnswer[]) => setupSender(database.db, answers);

describe('sending', () => {
  test('follows the whole schedule while Slack is down, and then gives up', async () => {
    const { clock, post, sendNextMessage, find, posts } = await setup(Array(20).fill(fault));
    await post('a');
    const delays: number[] = [];
    for (;;) {
      await sendNextMessage();
      const { state, due } = await find('a');
      if (state !== 'pending') break;
      const delay = due.getTime() - clock.now().getTime();
      delays.push(delay);
      await clock.advance(delay - 1);
      expect(await sendNextMessage()).toEqual({ kind: 'waiting', until: due });
      await clock.advance(1);
    }
    expect(delays).toEqual([...retryDelays]);
    expect(posts).toHaveLength(retryDelays.length + 1);
    expect(await find('a')).toMatchObject({ state: 'failed', attempts: retryDelays.length });
  });

  test('a webhook that keeps timing out is called less and less often under traffic, and normally once it answers', async () => {
    const { clock, post, sendNextMessage, find, posts } = await setup([
      ...Array(6).fill(timeout),
      fault,
      timeout,
      timeout,
    ]);
    const pauses: number[] = [];
    for (let sent = 0; sent < 10; sent++) {
      await post(`e${sent}`);
      const result = await sendNextMessage();
      if (result.kind !== 'posted') throw new Error(`The turn ended as ${result.kind}.`);
      pauses.push(result.until.getTime() - clock.now().getTime());
      await clock.advance(pauses.at(-1) ?? 0);
    }
    expect(pauses).toEqual([1000, 5000, 30_000, 120_000, 120_000, 120_000, 1000, 1000, 5000, 1000]);
    expect(posts.at(-1)).toBe(10);
    expect(await find('e0')).toMatchObject({ state: 'sent' });
  });

  test('a wait that Slack asks for counts no attempt', async () => {
    const { clock, post, sendNextMessage, find } = await setup([busy, busy]);
    await post('a');
    const until = new Date(clock.now().getTime() + 30_000);
    expect(await sendNextMessage()).toEqual({ kind: 'blocked', until });
    await clock.advance(30_000);
    await sendNextMessage();
    await clock.advance(30_000);
    expect(await find('a')).toMatchObject({ state: 'pending', attempts: 0 });
    await sendNextMessage();
    expect(await find('a')).toMatchObject({ state: 'sent', attempts: 0 });
  });

  test('a new alert takes those with a far retry with it, in order; a failure then counts only for those that were due', async () => {
    const { clock, post, sendNextMessage, find, posts } = await setup([fault, fault, fault, fault]);
    await post('old');
    for (let tries = 0; tries < 3; tries++) {
      await sendNextMessage();
      await clock.advance((await find('old')).due.getTime() - clock.now().getTime());
    }
    await sendNextMessage();
    const { due } = await find('old');
    expect(due.getTime() - clock.now().getTime()).toBe(120_000);

    await post('new');
    await sendNextMessage();
    expect(posts.at(-1)).toBe(2);
    expect(await find('old')).toMatchObject({ state: 'sent', attempts: 4 });
    expect(await find('new')).toMatchObject({ state: 'sent', attempts: 0 });
  });

  test('what was sent before its time keeps its attempts and its time if that fails', async () => {
    const { post, sendNextMessage, find } = await setup([fault, fault]);
    await post('old');
    await sendNextMessage();
    const before = await find('old');
    await post('new');
    await sendNextMessage();
    expect(await find('old')).toEqual(before);
    expect(await find('new')).toMatchObject({ state: 'pending', attempts: 1 });
  });

  test('a lost answer is counted for every alert that may have been posted, and as an attempt of those that were due', async () => {
    const { post, sendNextMessage, find } = await setup([fault, lost]);
    await post('old');
    await sendNextMessage();
    const { due } = await find('old');
    await post('new');
    await sendNextMessage();
    expect(await find('old')).toEqual({ state: 'pending', attempts: 1, lostAnswers: 1, due });
    expect(await find('new')).toMatchObject({ attempts: 1, lostAnswers: 1 });
  });

  test('a flood of new alerts with lost answers does not use up the attempts of the old ones', async () => {
    const { post, sendNextMessage, find } = await setup(Array(20).fill(lost));
    await post('old');
    for (let index = 0; index < 15; index++) {
      await sendNextMessage();
      await post(`new${index}`);
    }
    const { state, attempts, lostAnswers } = await find('old');
    expect({ state, attempts }).toEqual({ state: 'pending', attempts: 1 });
    // An alert that failed with others is retried with only every other message.
    expect(lostAnswers).toBeLessThan(15);
  });

  test('a digest that Slack does not accept is retried on the schedule, as one digest', async () => {
    const { clock, startQuietHours, post, sendNextMessage, find, posts } = await setup([fault, fault]);
    const untilOpening = await startQuietHours();
    await post('a');
    await post('b');
    expect(await sendNextMessage()).toEqual({ kind: 'idle' });
    await clock.advance(untilOpening);
    for (const attempts of [1, 2]) {
      await sendNextMessage();
      const { due } = await find('a');
      const delay = due.getTime() - clock.now().getTime();
      expect(delay).toBe(retryDelays[attempts - 1]);
      for (const id of ['a', 'b']) expect(await find(id)).toMatchObject({ state: 'pending', attempts });
      expect(await sendNextMessage()).toEqual({ kind: 'waiting', until: due });
      await clock.advance(delay);
    }
    expect(await sendNextMessage()).toMatchObject({ kind: 'posted', more: false });
    for (const id of ['a', 'b']) expect(await find(id)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(posts).toEqual([1, 1, 1]);
  });
});
