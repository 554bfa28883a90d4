import { describe, expect, test } from 'vitest';
import { flood } from '../support/flood.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { setupLimitedApp } from '../support/setup-limited-app.ts';
import { startTestApp } from '../support/test-app.ts';

const app = setupLimitedApp({ MAX_EVENTS_PER_MINUTE: '3' });

/** As if through a proxy, from an address. */
const ask = (path: string, from: string, method = 'GET') =>
  fetch(`${app.running.url}${path}`, { method, headers: { 'x-forwarded-for': from }, redirect: 'manual' });

describe('an address', () => {
  test('gets 300 pages a minute, and then one that says so', async () => {
    const { statuses, headers } = await flood(310, () => ask('/slack/link', '192.0.2.1'));
    expect(statuses).toEqual({ 403: 300, 429: 10 });
    expect(headers?.get('ratelimit-policy')).toMatch(/^"pages"; q=300; w=60/);
    expect(Number(headers?.get('retry-after'))).toBeGreaterThan(0);
    const page = await ask('/slack/install', '192.0.2.1');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('Too many pages at once');
    expect((await ask('/slack/install', '192.0.2.2')).status).toBe(302);
  });
});

describe('an account', () => {
  const post = (ids: string[], account: string) =>
    app.running.perly.post({
      events: ids.map((id) => ({ ...sampleEvent('seed-example'), id, account_id: account })),
    });

  test('posts as many events a minute as MAX_EVENTS_PER_MINUTE allows; the answer names the account, and nothing was accepted', async () => {
    expect((await post(['a1', 'a2'], 'acct_a')).status).toBe(202);
    const refused = await post(['a3', 'a4'], 'acct_a');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      type: 'urn:perly-slack:problem:account_limit',
      accounts: ['acct_a'],
    });
    expect(await app.running.db.collection('events').countDocuments({ eventId: { $in: ['a3', 'a4'] } })).toBe(
      0,
    );
    expect((await post(['b1'], 'acct_b')).status).toBe(202);
  });
});

test('without TRUST_PROXY nobody can change their address, whatever X-Forwarded-For says', async () => {
  const direct = await startTestApp();
  let asked = 0;
  const askIt = () =>
    fetch(`${direct.url}/slack/link`, { headers: { 'x-forwarded-for': `192.0.2.${asked++ % 200}` } });
  expect((await flood(310, askIt)).statuses).toEqual({ 403: 300, 429: 10 });
  await direct.close();
});
