import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { errors, jwtVerify, SignJWT } from 'jose';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { z } from 'zod';
import { type ApiClient, createApiClient } from './api-client.ts';

/** Perly's side of the public contract. */
export type PerlyClient = {
  /** One event, or `{events: […]}`, signed. */
  post(body: unknown): Promise<Response>;
  /** Valid for five minutes or `lifetime` seconds. */
  token(accountId: string, claims?: Record<string, unknown>, lifetime?: number): Promise<string>;
  connectToken: PerlyClient['token'];
  adminToken: PerlyClient['token'];
  installUrl(accountId: string, claims?: Record<string, unknown>): Promise<string>;
  eventStatus(accountId: string, eventId: string): Promise<Response>;
  api(accountId: string): ApiClient;
  /** `undefined` if the app did not recently sign it. */
  readState(state: string): Promise<LinkState | undefined>;
  /** `undefined` if its signature is invalid. */
  readWebhook(body: string, headers: IncomingHttpHeaders): unknown;
};

type LinkState = { teamId: string; teamName: string | null; userId: string };

const linkState = z.object({ team_id: z.string(), team_name: z.string().nullable(), user_id: z.string() });

const linkStateAudience = 'perly-slack-link-state';

const isAdminPath = (path: string) => path.startsWith('/perly/accounts/');

/** As in Standard Webhooks. @param secret `whsec_…` */
export function signatureHeaders(secret: string, body: string, at = new Date()): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

export type PerlySecrets = { events: string; tokens: string; notify: string };

export function perlySecretsOf({
  perly,
}: {
  perly: { secrets: string[]; tokenSecrets: string[]; notifySecrets: string[] };
}): PerlySecrets {
  const [events = ''] = perly.secrets;
  const [tokens = ''] = perly.tokenSecrets;
  const [notify = ''] = perly.notifySecrets;
  return { events, tokens, notify };
}

export function createPerlyClient(appUrl: string, secrets: PerlySecrets): PerlyClient {
  const key = Buffer.from(secrets.tokens);

  const tokensFor =
    (audience: string): PerlyClient['token'] =>
    (accountId, claims = {}, lifetime = 300) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .setAudience(audience)
        .setSubject(accountId)
        .setJti(randomUUID())
        .setIssuedAt(typeof claims.iat === 'number' ? claims.iat : undefined)
        .setExpirationTime(Math.floor(Date.now() / 1000) + lifetime)
        .sign(key);
  const token = tokensFor('perly-slack');
  const connectToken = tokensFor('perly-slack-connect');
  const adminToken = tokensFor('perly-slack-admin');

  return {
    token,
    connectToken,
    adminToken,
    api: (accountId) =>
      createApiClient(appUrl, (path) => (isAdminPath(path) ? adminToken(accountId) : token(accountId))),
    readWebhook(body, headers) {
      try {
        const given = Object.entries(headers).map(([name, value]) => [name, String(value)]);
        return new Webhook(secrets.notify).verify(body, Object.fromEntries(given));
      } catch (error) {
        if (error instanceof WebhookVerificationError) return undefined;
        throw error;
      }
    },
    async readState(state) {
      try {
        const { payload } = await jwtVerify(state, key, {
          algorithms: ['HS256'],
          audience: linkStateAudience,
        });
        const { team_id: teamId, team_name: teamName, user_id: userId } = linkState.parse(payload);
        return { teamId, teamName, userId };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
    post(body) {
      const text = JSON.stringify(body);
      return fetch(`${appUrl}/perly/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signatureHeaders(secrets.events, text) },
        body: text,
      });
    },
    async installUrl(accountId, claims) {
      return `${appUrl}/slack/install?token=${await connectToken(accountId, claims)}`;
    },
    async eventStatus(accountId, eventId) {
      return fetch(`${appUrl}/perly/events/${encodeURIComponent(eventId)}`, {
        headers: { authorization: `Bearer ${await token(accountId)}` },
      });
    },
  };
}
