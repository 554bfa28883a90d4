import { describe, expect, test } from 'vitest';
import type { WebhookAnswer } from '../../src/slack/webhook/webhook-client.ts';
import type { DeliveryStore } from '../../src/store/deliveries.ts';
import { givenDatabase } from '../support/given-database.ts';
import { fault, givenTurn } from '../support/given-turn.ts';

const database = givenDatabase();
const given = (
  answers: (WebhookAnswer | Promise<WebhookAnswer>)[],
  change?: (deliveries: DeliveryStore) => Partial<DeliveryStore>,
) => givenTurn(database.db, answers, change);

describe('a turn', () => {
  test('a message that had to wait for its place is not sent when the lease ended meanwhile', async () => {
    let answer = (_: WebhookAnswer) => {};
    const slow = new Promise<WebhookAnswer>((resolve) => {
      answer = resolve;
    });
    let looked = 0;
    const { post, turn, find, posts, loseLease } = await given([slow], (real) => ({
      async listWaiting(...args) {
        const waiting = await real.listWaiting(...args);
        looked += 1;
        return waiting;
      },
    }));
    await post('a');
    const first = turn();
    await expect.poll(() => posts).toHaveLength(1);
    const second = turn();
    await expect.poll(() => looked).toBe(2);
    loseLease();
    answer(fault);
    await first;
    expect(await second).toEqual({ kind: 'idle' });
    expect(posts).toHaveLength(1);
    expect(await find('a')).toMatchObject({ state: 'pending', attempts: 1 });
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

  test('a digest that Slack refuses, and as plain text too, is failed', async () => {
    const refused: WebhookAnswer = {
      kind: 'answered',
      status: 400,
      body: 'invalid_blocks',
      headers: {},
    };
    const { clock, beQuiet, post, turn, find } = await given([refused, refused]);
    const untilOpening = await beQuiet();
    await post('a');
    await clock.advance(untilOpening);
    await turn();
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
    expect(posts).toEqual([19, 6]);
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
