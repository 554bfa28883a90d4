import { afterEach } from 'vitest';
import { type LocalSlack, startLocalSlack } from '../../../sandbox/slack/local-slack.ts';
import type { LocalSlackOptions } from '../../../sandbox/slack/options.ts';
import { patientAnswerMs } from '../../support/patient-timeouts.ts';

const open: LocalSlack[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((slack) => slack.close()));
});

/** A local Slack for one test: closed by itself when the test is over. */
export async function start(options: LocalSlackOptions = {}): Promise<LocalSlack> {
  const slack = await startLocalSlack({ answerTimeoutMs: patientAnswerMs, ...options });
  open.push(slack);
  return slack;
}

export const redirectUri = 'http://localhost:9/slack/oauth_redirect';

/** The URL of the consent page as an app would build it. */
export function consentUrl(slack: LocalSlack, parameters: Record<string, string | undefined> = {}): string {
  const url = new URL(slack.authorizeUrl);
  const all = {
    client_id: slack.clientId,
    scope: 'incoming-webhook',
    redirect_uri: redirectUri,
    state: 'st4te',
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

/** Calls `oauth.v2.access`; `parameters` replace the valid ones. */
export async function access(slack: LocalSlack, parameters: Record<string, string>) {
  const body = new URLSearchParams({
    client_id: slack.clientId,
    client_secret: slack.clientSecret,
    redirect_uri: redirectUri,
    ...parameters,
  });
  const response = await fetch(`${slack.apiUrl}oauth.v2.access`, { method: 'POST', body });
  return (await response.json()) as Access;
}

/** The fields of the answer of `oauth.v2.access` that the tests read. */
export interface Access {
  ok: boolean;
  error?: string;
  access_token: string;
  scope: string;
  bot_user_id: string;
  team: { id: string; name: string };
  incoming_webhook: { url: string; channel: string; channel_id: string; configuration_url: string };
}

/** Connects a channel: consent, code, tokens. */
export async function connect(slack: LocalSlack, channel: string, team?: string): Promise<Access> {
  const back = await slack.approve(consentUrl(slack), { channel, ...(team !== undefined && { team }) });
  const code = new URL(back).searchParams.get('code') ?? '';
  return await access(slack, { code });
}

/** A local Slack for one test, with a webhook of #customer-health and without a rate limit. */
export async function startWithWebhook(options: LocalSlackOptions = { enforceRate: false }) {
  const slack = await start(options);
  const { incoming_webhook: webhook } = await connect(slack, 'customer-health');
  return { slack, url: webhook.url };
}

export async function post(
  url: string,
  payload: unknown,
): Promise<{ status: number; body: string; headers: Headers }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  });
  return { status: response.status, body: await response.text(), headers: response.headers };
}
