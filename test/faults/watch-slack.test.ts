import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Fault } from '../../sandbox/slack/faults.ts';
import { type LocalSlack, startLocalSlack } from '../../sandbox/slack/local-slack.ts';
import { buildAlertMessage } from '../../src/messages/alert-message.ts';
import { toPlainText } from '../../src/messages/plain-text.ts';
import { connect } from '../sandbox/slack/slack.ts';
import { createRandom } from './random.ts';
import { createRunLog, type RunLog } from './run-log.ts';
import { makeEvent } from './sample.ts';
import { watchSlack } from './watch-slack.ts';

const random = createRandom(1);
const events = Array.from({ length: 6 }, (_, index) => makeEvent(random, index, ['acct_1']));
const [event] = events;
const ids = events.map(({ id }) => id);

let slack: LocalSlack;
let runLog: RunLog;
let url: string;
beforeEach(async () => {
  slack = await startLocalSlack({ enforceRate: false });
  url = (await connect(slack, 'general')).incoming_webhook.url;
  runLog = createRunLog([]);
  const channels = [...slack.model.channels.keys()];
  watchSlack(
    slack,
    runLog,
    channels.map((id) => ({ id, accountId: 'acct_1' })),
  );
});
afterEach(() => slack.close());

async function post(message: unknown): Promise<string[]> {
  const headers = { 'user-agent': 'process-1', 'content-type': 'application/json' };
  await fetch(url, { method: 'POST', headers, body: JSON.stringify(message) }).catch(() => undefined);
  return runLog.arrivals.map(({ eventId }) => eventId);
}

test.each([
  ['full', () => buildAlertMessage(events.slice(0, 1)).message, ids.slice(0, 1)],
  ['several in full', () => buildAlertMessage(events.slice(0, 5)).message, ids.slice(0, 5)],
  ['compact', () => buildAlertMessage(events).message, ids],
  ['plain', () => toPlainText(events).message, ids],
])('recognises each alert of a message: %s', async (_what, message, expected) => {
  expect(await post(message())).toEqual(expected);
});

test('notices an alert that is in a message twice', async () => {
  const twice = event === undefined ? [] : [event, event];
  expect(await post(buildAlertMessage(twice).message)).toEqual(['f0', 'f0']);
});

test.each([1, 6])('tells reminders from alerts, in a message of %d', async (count) => {
  const shown = events.slice(0, count);
  const controls = { ref: 'r', revision: 0, openMs: 3_600_000 };
  await post(buildAlertMessage(shown, new Map([[ids[0] ?? '', controls]])).message);
  expect(runLog.arrivals.map(({ eventId, isReminder }) => [eventId, isReminder])).toEqual(
    shown.map(({ id }, index) => [id, index === 0 ? true : undefined]),
  );
});

test.each([
  ['UOWNER1', []],
  ['UOWNER2', [{ kind: 'unexpected' }]],
])('reports a mention of anybody but the owner of the account: %s', async (owner, problems) => {
  const controls = { ref: 'r', revision: 0, owner };
  await post(buildAlertMessage(events.slice(1, 2), new Map([[ids[1] ?? '', controls]])).message);
  expect(runLog.mentions).toBeGreaterThan(0);
  expect(runLog.problems.slice(0, 1)).toMatchObject(problems);
});

test('knows who posted, and whether the answer arrived', async () => {
  const { message } = buildAlertMessage(events.slice(0, 1));
  await post(message);
  slack.failWebhook('general', { reset: 'after' }, 1);
  await post(message);
  expect(runLog.arrivals.map((arrival) => arrival.message)).toMatchObject([
    { slot: 1, end: { isAnswered: true, isFaulty: false } },
    { slot: 1, end: { isAnswered: false, isFaulty: true } },
  ]);
});

test.each<[string, Fault, number]>([
  ['answers 500', { status: 500 }, 500],
  ['answers 429', { status: 429 }, 429],
  ['refuses it', { error: 'invalid_blocks' }, 400],
  ['cuts the connection', { reset: 'before' }, 0],
])('knows the alerts of a message that Slack did not accept: it %s', async (_, fault, status) => {
  slack.failWebhook('general', fault, 1);
  await post(buildAlertMessage(events.slice(0, 2)).message);
  await expect.poll(() => runLog.refusedCalls).toHaveLength(1);
  expect(runLog.refusedCalls).toMatchObject([{ status, isFaulty: true, eventIds: ids.slice(0, 2) }]);
  expect(runLog.arrivals).toEqual([]);
});

test('knows them even if the app is gone before Slack accepts it', async () => {
  const hanging = slack.failWebhook('general', { hang: 'before' }, 1);
  const gone = new AbortController();
  const hit = hanging.nextHit();
  const body = JSON.stringify(buildAlertMessage(events.slice(0, 2)).message);
  const headers = { 'content-type': 'application/json' };
  const posted = fetch(url, { method: 'POST', headers, body, signal: gone.signal });
  await hit;
  gone.abort();
  await expect(posted).rejects.toThrow();
  await expect.poll(() => runLog.refusedCalls).toMatchObject([{ status: 0, eventIds: ids.slice(0, 2) }]);
  hanging.release();
});

test('records a message without an alert, and one that Slack did not accept', async () => {
  slack.failWebhook('general', { status: 500 }, 1);
  await post({ text: 'a' });
  await post({ text: 'Hello' });
  expect(runLog.refusedCalls).toMatchObject([{ status: 500, isFaulty: true, eventIds: [] }]);
  expect(runLog.problems).toMatchObject([{ kind: 'unexpected' }]);
});

test('keeps no message', async () => {
  await post(buildAlertMessage(events).message);
  expect([slack.messages(), slack.webhookCalls]).toEqual([[], []]);
});
