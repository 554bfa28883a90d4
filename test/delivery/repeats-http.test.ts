import { afterEach, beforeEach, expect, test } from 'vitest';
import { customersIn, eventOf } from '../support/named-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const path = '/perly/channels/T0ACMECS001:C0HEALTH001/rules';

let first: TestApp;
let second: TestApp;
beforeEach(async () => {
  first = await startTestApp({ shared: true });
  await first.seedChannel('#customer-health', 'acct_demo');
  second = await startTestApp({ beside: first });
  expect(await changeRules({ repeat_after: '1_day' })).toMatchObject({
    status: 200,
    body: { repeat_after: '1_day' },
  });
});
afterEach(async () => {
  await second.close();
  await first.close();
});

const api = (...call: Parameters<ReturnType<TestApp['perly']['api']>>) =>
  second.perly.api('acct_demo')(...call);

async function changeRules(change: object) {
  const { body } = await api('get', path);
  return api('put', path, { body: { ...body, ...change }, ifMatch: '*' });
}

/** About the same customer, with an id of its own. */
const similar = (customer: string, index: number) => ({
  ...eventOf(customer),
  id: `evt_${customer}_${index}`,
});

async function outcomeOf(id: string): Promise<Record<string, unknown> | undefined> {
  const answer = await second.perly.eventStatus('acct_demo', id);
  const { channels } = (await answer.json()) as { channels: Record<string, unknown>[] };
  return channels[0];
}

test('of similar events that two processes get at once, one is in Slack', async () => {
  const customers = Array.from({ length: 10 }, (_, index) => `Customer${index}`);
  const posts = customers.flatMap((customer) => [
    first.perly.post(similar(customer, 1)),
    second.perly.post(similar(customer, 2)),
  ]);
  for (const { status } of await Promise.all(posts)) expect(status).toBe(202);
  const outcomes = await Promise.all(
    customers.flatMap((customer) => [1, 2].map((index) => outcomeOf(`evt_${customer}_${index}`))),
  );
  const repeated = outcomes.filter((outcome) => outcome?.reason === 'repeated');
  expect(repeated).toHaveLength(customers.length);
  expect(repeated[0]).toMatchObject({
    decision: 'suppress',
    explanation: 'Not sent, because a similar alert was sent or held not long before.',
    delivery: null,
  });
  await first.slack.waitForMessages(() => customersIn(first.slack).length >= customers.length);
  // This awaits everything that is in progress.
  await first.app.stop();
  await second.app.stop();
  expect(customersIn(first.slack).toSorted()).toEqual(customers);
});

test('a process that starts later knows what was sent', async () => {
  await first.perly.post(similar('Acme', 1));
  await first.slack.waitForMessages(() => customersIn(first.slack).length === 1);
  await first.app.stop();
  await second.app.stop();
  const third = await startTestApp({ beside: first });
  await third.perly.post({ events: [similar('Acme', 2), similar('Beta', 1)] });
  await first.slack.waitForMessages(() => customersIn(first.slack).length === 2);
  await third.app.stop();
  await third.close();
  expect(customersIn(first.slack)).toEqual(['Acme', 'Beta']);
});

test('a client that does not know the rule leaves it, and any other time is refused', async () => {
  const { repeat_after: _, ...others } = (await api('get', path)).body;
  const kept = await api('put', path, { body: { ...others, risk_threshold: 'low' }, ifMatch: '*' });
  expect(kept).toMatchObject({ status: 200, body: { repeat_after: '1_day' } });
  expect(await changeRules({ repeat_after: '2_days' })).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'repeat_after' }] },
  });
});
