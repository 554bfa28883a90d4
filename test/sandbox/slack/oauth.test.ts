import { InstallProvider, MemoryInstallationStore } from '@slack/oauth';
import { describe, expect, test } from 'vitest';
import { listen } from '../../../sandbox/slack/server.ts';
import { silent } from './bolt.ts';
import { access, connect, consentUrl, redirectUri, start } from './slack.ts';

describe('the consent page', () => {
  test.each([
    ['bad_client_id', { client_id: '1.2' }],
    ['invalid_scope', { scope: '' }],
    ['invalid_scope', { scope: 'incoming-webhook,take:over' }],
    ['bad_redirect_uri', { redirect_uri: 'https://elsewhere.example/cb' }],
    ['bad_redirect_uri', { redirect_uri: 'nonsense' }],
    ['invalid_team_for_non_distributed_app', { team: 'T0NOBODY' }],
  ])('says %s to %o', async (error, parameters) => {
    const slack = await start();
    const response = await fetch(consentUrl(slack, parameters));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(error);
  });

  test('accepts only the registered redirect_uris, if the app has any', async () => {
    const slack = await start({ redirectUrls: ['https://app.example/slack/'] });
    expect((await fetch(consentUrl(slack))).status).toBe(400);
    const page = await fetch(consentUrl(slack, { redirect_uri: 'https://app.example/slack/back' }));
    expect(page.status).toBe(200);
  });

  test('shows private channels to their members only', async () => {
    const slack = await start();
    await expect(
      slack.approve(consentUrl(slack), { user: 'Milo Park', channel: 'cs-leads' }),
    ).rejects.toThrow('"cs-leads" is none of');
    const back = await slack.approve(consentUrl(slack), { user: 'Dana Reyes', channel: 'cs-leads' });
    expect(new URL(back).searchParams.get('code')).toBeTruthy();
  });

  test('asks the person of the browser in this Slack, unless another one is chosen', async () => {
    const slack = await start();
    const headers = { cookie: 'a=b; local_slack_user=U0MILO00002' };
    const chosen = async (url: string) =>
      /<option value="(\w+)" selected>(?:Dana|Milo)/.exec(await (await fetch(url, { headers })).text())?.[1];
    expect(await chosen(consentUrl(slack))).toBe('U0MILO00002');
    expect(await chosen(consentUrl(slack, { as_user: 'U0DANA00001' }))).toBe('U0DANA00001');
  });

  test('refuses a channel that the page did not offer', async () => {
    const slack = await start();
    const form = new URL(consentUrl(slack)).searchParams;
    form.set('as_user', 'U0MILO00002');
    form.set('channel', 'C0LEADS0001');
    form.set('answer', 'allow');
    const response = await fetch(slack.authorizeUrl, { method: 'POST', body: form, redirect: 'manual' });
    expect(response.status).toBe(400);
  });

  test('passes the state through, on Allow and on Cancel', async () => {
    const slack = await start();
    const state = 'a b&c=<d>"e';
    const allowed = new URL(await slack.approve(consentUrl(slack, { state }), { channel: '#general' }));
    expect(allowed.searchParams.get('state')).toBe(state);
    const cancelled = new URL(await slack.deny(consentUrl(slack, { state })));
    expect(cancelled.searchParams.get('state')).toBe(state);
    expect(cancelled.searchParams.get('error')).toBe('access_denied');
    expect(cancelled.searchParams.has('code')).toBe(false);
  });

  test('a pinned workspace is the only choice', async () => {
    const slack = await start();
    const other = slack.addTeam({ id: 'T0OTHER0001', name: 'Other', domain: 'other' });
    const back = await slack.approve(consentUrl(slack, { team: other.id }), { channel: 'general' });
    const code = new URL(back).searchParams.get('code') ?? '';
    expect((await access(slack, { code })).team).toEqual({ id: other.id, name: 'Other' });
    await expect(
      slack.approve(consentUrl(slack, { team: other.id }), { team: 'Acme CS', channel: 'general' }),
    ).rejects.toThrow('"Acme CS" is none of Other');
  });

  test('asks for no channel if no webhook is requested', async () => {
    const slack = await start();
    const back = await slack.approve(consentUrl(slack, { scope: 'commands' }));
    const code = new URL(back).searchParams.get('code') ?? '';
    expect(await access(slack, { code })).not.toHaveProperty('incoming_webhook');
  });
});

describe('oauth.v2.access', () => {
  test('grants a bot token and a webhook for the chosen channel', async () => {
    const slack = await start();
    expect(await connect(slack, '#customer-health')).toEqual({
      ok: true,
      app_id: 'A0PERLY0001',
      authed_user: { id: 'U0DANA00001' },
      scope: 'incoming-webhook',
      token_type: 'bot',
      access_token: expect.stringMatching(/^xoxb-\d+-\d+-\w{24}$/),
      bot_user_id: expect.stringMatching(/^U\w{10}$/),
      team: { id: 'T0ACMECS001', name: 'Acme CS' },
      enterprise: null,
      is_enterprise_install: false,
      incoming_webhook: {
        channel: '#customer-health',
        channel_id: 'C0HEALTH001',
        configuration_url: expect.stringMatching(/\/services\/B\w+$/),
        url: expect.stringMatching(new RegExp(`^${slack.url}/services/T0ACMECS001/B\\w{10}/\\w{24}$`)),
      },
    });
  });

  test('a second install keeps the token and creates another webhook', async () => {
    const slack = await start();
    const first = await connect(slack, 'general');
    const second = await connect(slack, 'general');
    expect(second.access_token).toBe(first.access_token);
    expect(second.incoming_webhook.url).not.toBe(first.incoming_webhook.url);
    expect(slack.webhooks).toHaveLength(2);
  });

  test.each([
    ['invalid_client_id', { client_id: 'x' }],
    ['bad_client_secret', { client_secret: 'x' }],
    ['invalid_code', { code: 'x' }],
    ['bad_redirect_uri', { redirect_uri: 'http://localhost:9/else' }],
    ['invalid_grant_type', { grant_type: 'password' }],
  ])('says %s to %o', async (error, parameters) => {
    const slack = await start();
    const back = await slack.approve(consentUrl(slack), { channel: 'general' });
    const code = new URL(back).searchParams.get('code') ?? '';
    expect(await access(slack, { code, ...parameters })).toEqual({ ok: false, error });
  });

  test('requires the redirect_uri again if the app named it before', async () => {
    const slack = await start();
    const back = await slack.approve(consentUrl(slack), { channel: 'general' });
    const code = new URL(back).searchParams.get('code') ?? '';
    const body = new URLSearchParams({
      client_id: slack.clientId,
      client_secret: slack.clientSecret,
      code,
    });
    const response = await fetch(`${slack.apiUrl}oauth.v2.access`, { method: 'POST', body });
    expect(await response.json()).toEqual({ ok: false, error: 'bad_redirect_uri' });
  });

  test('accepts a code once', async () => {
    const slack = await start();
    const back = await slack.approve(consentUrl(slack), { channel: 'general' });
    const code = new URL(back).searchParams.get('code') ?? '';
    expect((await access(slack, { code })).ok).toBe(true);
    expect((await access(slack, { code })).error).toBe('code_already_used');
    expect(slack.webhooks).toHaveLength(1);
  });

  test.each([
    ['just before ten minutes', 10 * 60_000 - 1, true],
    ['at ten minutes', 10 * 60_000, false],
  ])('a code used %s', async (_when, later, ok) => {
    let now = 1_700_000_000_000;
    const slack = await start({ clock: () => now });
    const back = await slack.approve(consentUrl(slack), { channel: 'general' });
    now += later;
    const code = new URL(back).searchParams.get('code') ?? '';
    expect((await access(slack, { code })).ok).toBe(ok);
  });

  test('accepts the client by HTTP Basic', async () => {
    const slack = await start();
    const back = await slack.approve(consentUrl(slack), { channel: 'general' });
    const code = new URL(back).searchParams.get('code') ?? '';
    const response = await fetch(`${slack.apiUrl}oauth.v2.access`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${slack.clientId}:${slack.clientSecret}`)}` },
      body: new URLSearchParams({ code, redirect_uri: redirectUri }),
    });
    expect(await response.json()).toMatchObject({ ok: true });
  });
});

describe("Slack's own InstallProvider", () => {
  test('installs, and reports a cancel', async () => {
    const slack = await start();
    const store = new MemoryInstallationStore();
    const provider = new InstallProvider({
      clientId: slack.clientId,
      clientSecret: slack.clientSecret,
      stateSecret: 'secret',
      authorizationUrl: slack.authorizeUrl,
      clientOptions: { slackApiUrl: slack.apiUrl },
      installationStore: store,
      directInstall: true,
      installUrlOptions: { scopes: ['incoming-webhook'] },
      logger: silent,
    });
    const app = await listen((req, res) => {
      const handled = req.url?.startsWith('/install')
        ? provider.handleInstallPath(req, res, undefined, {
            scopes: ['incoming-webhook'],
            redirectUri: `${app.origin}/back`,
            metadata: 'acme',
          })
        : provider.handleCallback(req, res, {
            success: (installation, _options, _req, answer) => {
              answer.end(JSON.stringify(installation));
            },
            failure: (error, _options, _req, answer) => {
              answer.writeHead(400).end(error.code);
            },
          });
      handled.catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined));
    }, 0);
    const installed = await slack.install(`${app.origin}/install`, { channel: 'cs-escalations' });
    expect(await installed.json()).toMatchObject({
      team: { id: 'T0ACMECS001' },
      bot: { token: slack.installations[0]?.botToken, scopes: ['incoming-webhook'] },
      incomingWebhook: { channel: '#cs-escalations', channelId: 'C0ESCALATE1', url: slack.webhooks[0]?.url },
      metadata: 'acme',
    });
    const cancelled = await slack.install(`${app.origin}/install`, 'cancel');
    expect([cancelled.status, await cancelled.text()]).toEqual([
      400,
      'slack_oauth_installer_authorization_error',
    ]);
    await app.close();
  });
});
