import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LocalSlack, startLocalSlack } from '../../sandbox/slack/local-slack.ts';
import { buildAlertMessage } from '../../src/slack/messages/alert-message.ts';
import { toPlainText } from '../../src/slack/messages/plain-text.ts';
import { connect } from '../sandbox/slack/slack.ts';
import { createJournal, type Journal } from './journal.ts';
import { createRandom } from './random.ts';
import { makeEvent } from './sample.ts';
import { watchSlack } from './watch-slack.ts';

const random = createRandom(1);
const events = Array.from({ length: 5 }, (_, index) => makeEvent(random, index, ['acct_1']));
const [event] = events;
const ids = events.map(({ id }) => id);

let slack: LocalSlack;
let journal: Journal;
let url: string;
beforeEach(async () => {
  slack = await startLocalSlack({ enforceRate: false });
  url = (await connect(slack, 'general')).incoming_webhook.url;
  journal = createJournal([]);
  watchSlack(slack, journal);
});
afterEach(() => slack.close());

async function post(message: unknown): Promise<string[]> {
  const headers = { 'user-agent': 'process-1', 'content-type': 'application/json' };
  await fetch(url, { method: 'POST', headers, body: JSON.stringify(message) }).catch(() => undefined);
  return journal.arrivals.map(({ eventId }) => eventId);
}

test.each([
  ['full', () => buildAlertMessage(events.slice(0, 1)).message, ids.slice(0, 1)],
  ['compact', () => buildAlertMessage(events).message, ids],
  ['plain', () => toPlainText(events).message, ids],
])('knows each alert of a message again: %s', async (_what, message, expected) => {
  expect(await post(message())).toEqual(expected);
});

test('sees an alert that stands twice in a message', async () => {
  const twice = event === undefined ? [] : [event, event];
  expect(await post(buildAlertMessage(twice).message)).toEqual(['f0', 'f0']);
});

test('knows who posted, and whether the answer got through', async () => {
  const { message } = buildAlertMessage(events.slice(0, 1));
  await post(message);
  slack.failWebhook('general', { reset: 'after' }, 1);
  await post(message);
  expect(journal.arrivals.map((arrival) => arrival.message)).toMatchObject([
    { slot: 1, end: { isAnswered: true, isFaulty: false } },
    { slot: 1, end: { isAnswered: false, isFaulty: true } },
  ]);
});

test('writes down what Slack did not take, and a message without an alert', async () => {
  slack.failWebhook('general', { status: 500 }, 1);
  await post({ text: 'a' });
  await post({ text: 'Hello' });
  expect(journal.refusedCalls).toMatchObject([{ status: 500, isFaulty: true }]);
  expect(journal.problems).toMatchObject([{ kind: 'unexpected' }]);
});

test('keeps no message', async () => {
  await post(buildAlertMessage(events).message);
  expect([slack.messages(), slack.webhookCalls]).toEqual([[], []]);
});
