import { SignJWT } from 'jose';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultRules } from '../../src/domain/rules.ts';
import { createChannelStore } from '../../src/store/channels/store.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
  await running.connect('#customer-health', 'acct_demo');
  await running.connect('#billing-alerts', 'acct_demo');
  const channels = createChannelStore(running.db, createKeyring(running.config.appSecrets));
  const billing = { _id: 'T0ACMECS001:C0BILLING01', accountId: 'acct_demo' };
  await channels.changeSettings(billing, 1, {
    rules: { ...defaultRules, eventTypes: ['billing_retry_failed'] },
  });
  await running.perly.post(sampleEvent('seed-example'));
  await running.slack.waitForMessages(2, undefined, '#customer-health');
});
afterAll(() => running.close());

function get(id: string, authorization?: string) {
  const asked = request(running.url).get(`/perly/events/${encodeURIComponent(id)}`);
  return authorization === undefined ? asked : asked.set('authorization', authorization);
}

describe('GET /perly/events/{id}', () => {
  test('returns what each channel decided and the state of each delivery', async () => {
    const token = await running.perly.token('acct_demo');
    await expect
      .poll(async () => (await get('evt_seed_0001', `Bearer ${token}`)).body)
      .toEqual({
        id: 'evt_seed_0001',
        received_at: expect.stringMatching(/^\d{4}-.*Z$/),
        channels: [
          {
            channel: { id: 'T0ACMECS001:C0HEALTH001', name: '#customer-health' },
            decision: 'send',
            reason: null,
            explanation: expect.stringMatching(/^Sent on \w+ \d.* \(UTC\)\.$/),
            delivery: {
              state: 'sent',
              failed_attempts: 0,
              next_attempt_at: null,
              held_for: null,
              held_until: null,
              finished_at: expect.stringMatching(/Z$/),
              error: null,
              acknowledged: null,
            },
          },
          {
            channel: { id: 'T0ACMECS001:C0BILLING01', name: '#billing-alerts' },
            decision: 'suppress',
            reason: 'event_type_off',
            explanation: 'Not sent, because this event type is off in the rules.',
            delivery: null,
          },
        ],
      });
  });

  test('an unknown id: 404', async () => {
    const answer = await get('evt_nothing', `Bearer ${await running.perly.token('acct_demo')}`);
    expect(answer.status).toBe(404);
    expect(answer.type).toBe('application/problem+json');
  });

  test('an event of another account: 404', async () => {
    const answer = await get('evt_seed_0001', `Bearer ${await running.perly.token('acct_other')}`);
    expect(answer.status).toBe(404);
  });

  test('an id that cannot be decoded: 400', async () => {
    const token = await running.perly.token('acct_demo');
    const answer = await request(running.url)
      .get('/perly/events/%ff')
      .set('authorization', `Bearer ${token}`);
    expect(answer.status).toBe(400);
    expect(answer.type).toBe('application/problem+json');
  });
});

describe('a token that is refused: 401', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const key = () => Buffer.from(running.config.perly.tokenSecrets[0] ?? '');
  const good = () =>
    new SignJWT()
      .setAudience('perly-slack')
      .setSubject('acct_demo')
      .setExpirationTime(now() + 60);

  test.each<[string, () => Promise<string> | string]>([
    ['none', () => ''],
    ['a word', () => 'Bearer word'],
    ['another scheme', async () => `Basic ${await running.perly.token('acct_demo')}`],
    [
      'another key',
      async () => `Bearer ${await good().setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32, 1))}`,
    ],
    [
      'another algorithm',
      async () =>
        `Bearer ${await good()
          .setProtectedHeader({ alg: 'HS512' })
          .sign(Buffer.concat([key(), key()]))}`,
    ],
    [
      'no signature at all',
      () =>
        `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"acct_demo"}').toString('base64url')}.`,
    ],
    ['an expired one', async () => `Bearer ${await running.perly.token('acct_demo', {}, -60)}`],
    [
      'one for longer than ten minutes',
      async () => `Bearer ${await running.perly.token('acct_demo', {}, 700)}`,
    ],
    [
      'one for somebody else',
      async () =>
        `Bearer ${await good().setAudience('perly').setProtectedHeader({ alg: 'HS256' }).sign(key())}`,
    ],
    [
      'one without an end',
      async () =>
        `Bearer ${await new SignJWT().setAudience('perly-slack').setSubject('acct_demo').setProtectedHeader({ alg: 'HS256' }).sign(key())}`,
    ],
    ['one without an account', async () => `Bearer ${await running.perly.token('')}`],
  ])('%s', async (_, authorization) => {
    const answer = await get('evt_seed_0001', await authorization());
    expect(answer.status).toBe(401);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body.detail).toMatch(/token/);
  });
});
