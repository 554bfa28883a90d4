import express from 'express';
import { decodeJwt, SignJWT } from 'jose';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { createPerlyClient } from '../../../sandbox/perly/client.ts';
import { perlyPages } from '../../../sandbox/perly/pages.ts';

const appUrl = 'http://localhost:9';
const settings = '/settings/notifications/slack';
const webhookSecret = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const secrets = {
  events: webhookSecret(1),
  tokens: 'a secret of tokens for a test alone',
  notify: webhookSecret(2),
};
const perly = express().use(
  perlyPages({
    client: createPerlyClient(appUrl, secrets),
    accountId: 'acct_demo',
    accountName: 'Northwind & Sons',
    perlyAppUrl: 'http://127.0.0.1:8',
    appUrl,
  }),
);

/** The target of the redirect, and the claims of its token. */
async function redirectOf(path: string) {
  const { headers } = await request(perly).get(path).expect(302);
  const there = new URL(headers.location ?? '');
  return { path: there.origin + there.pathname, token: decodeJwt(there.searchParams.get('token') ?? '') };
}

describe('the local Perly', () => {
  test('links to an install for its account, with a return URL', async () => {
    expect(await redirectOf(`${settings}/connect`)).toMatchObject({
      path: `${appUrl}/slack/install`,
      token: {
        sub: 'acct_demo',
        name: 'Northwind & Sons',
        return_url: `http://127.0.0.1:8${settings}`,
      },
    });
  });

  test('asks before it links, names the workspace that asks, and returns the state', async () => {
    const state = await new SignJWT({ team_id: 'T1', team_name: 'Acme <CS>', user_id: 'U1' })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience('perly-slack-link-state')
      .setExpirationTime('5m')
      .sign(Buffer.from(secrets.tokens));
    const { text } = await request(perly).get(`${settings}/link?state=${state}`).expect(200);
    expect(text).toContain(`name="state" value="${state}"`);
    expect(text).toContain('<strong>Acme &lt;CS&gt;</strong> (<code>T1</code>)');
    expect(text).toContain('Northwind &amp; Sons');
    expect(await redirectOf(`${settings}/linked?state=a.b.c`)).toMatchObject({
      path: `${appUrl}/perly/link`,
      token: { sub: 'acct_demo', state: 'a.b.c' },
    });
  });

  test('accepts no state that the app did not sign, and no webhook either', async () => {
    await request(perly).get(`${settings}/link?state=a.b"c`).expect(400);
    await request(perly).post('/hooks/slack').send('{}').expect(401);
  });

  test('has a page for each customer', async () => {
    const { text } = await request(perly).get('/customers/cus_%3Cb%3E').expect(200);
    expect(text).toContain('cus_&lt;b&gt;');
  });
});
