import request from 'supertest';
import { beforeEach, expect, test } from 'vitest';
import type { ApiClient } from '../../../sandbox/perly/api-client.ts';
import { rulesExample } from '../../../src/perly/api/examples.ts';
import { setupApp } from '../../support/setup-app.ts';

const given = setupApp();
const path = '/perly/channels/T0ACMECS001:C0HEALTH001/rules';
let api: ApiClient;

beforeEach(async () => {
  api = given.running.perly.api('acct_demo');
  await given.running.seedChannel('#customer-health', 'acct_demo');
});

const put = (body: object) => api('put', path, { body, ifMatch: '*' });

/** The fields that a client sends that was written before the others existed. */
const { event_types, risk_threshold, score_delta_minimum, timing } = rulesExample;
const oldest = { event_types, risk_threshold, score_delta_minimum, timing };

const later = {
  owners: ['own_ana'],
  mention_owner: 'always',
  repeat_after: '7_days',
  remind_after: '4_hours',
};

test('a client that does not know a field leaves what people set in Slack', async () => {
  expect(await put({ ...rulesExample, ...later })).toMatchObject({ status: 200, body: later });
  const expected = { ...rulesExample, ...later, risk_threshold: 'low' };
  const saved = await put({ ...oldest, risk_threshold: 'low' });
  expect(saved).toMatchObject({ status: 200, body: expected });
  expect((await api('get', path)).body).toEqual(expected);
});

test.each(Object.keys(later))('%s can be left out alone, or be null', async (field) => {
  const { [field]: _left, ...others } = { ...rulesExample } as Record<string, unknown>;
  const kept = { [field]: later[field as keyof typeof later] };
  for (const change of [others, { ...others, [field]: null }]) {
    await put({ ...rulesExample, ...later });
    expect((await put(change)).body).toEqual({ ...rulesExample, ...kept });
  }
});

test.each(Object.keys(oldest))('%s cannot be left out, nor be null', async (field) => {
  const { [field]: _left, ...others } = { ...rulesExample } as Record<string, unknown>;
  for (const change of [others, { ...others, [field]: null }])
    expect(await put(change)).toMatchObject({ status: 422, body: { errors: [{ path: field }] } });
});

test('a day without hours and holidays can be null', async () => {
  const { holidays, ...others } = timing;
  const days = { ...timing.days, sun: null };
  const body = { ...rulesExample, timing: { ...others, days, holidays: null } };
  const expected = { ...timing, holidays: { country: null, region: null, dates: [] } };
  expect(await put(body)).toMatchObject({ status: 200, body: { timing: expected } });
  const never = { ...timing, days: { sun: null } };
  expect((await put({ ...rulesExample, timing: never })).status).toBe(422);
});

test.each(['', '/rules'])('what an ETag names is still sent to whoever has it: %j', async (resource) => {
  const channel = path.replace('/rules', resource);
  const { etag, body } = await api('get', channel);
  const authorization = `Bearer ${await given.running.perly.token('acct_demo')}`;
  // The version is that of the settings: a channel's state can change without it.
  for (const tag of [etag ?? '', `W/${etag}`, '*']) {
    const again = request(given.running.url).get(channel).set({ authorization, 'if-none-match': tag });
    expect(await again).toMatchObject({ status: 200, body });
  }
});
