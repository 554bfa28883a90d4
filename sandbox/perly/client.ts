import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { errors, jwtVerify, SignJWT } from 'jose';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { z } from 'zod';
import { type ApiClient, createApiClient } from './api-client.ts';

/** What Perly does to this app, with nothing but the public contract: posts signed events, and signs tokens. */
export type PerlyClient = {
  /** Posts one event, or `{events: […]}`, signed. */
  post(body: unknown): Promise<Response>;
  /** A token for an account, five minutes long unless `lifetime` (seconds) says otherwise. */
  token(accountId: string, claims?: Record<string, unknown>, lifetime?: number): Promise<string>;
  /** Where "Connect Slack" sends the browser. */
  installUrl(accountId: string, claims?: Record<string, unknown>): Promise<string>;
  /** Asks what became of an event. */
  eventStatus(accountId: string, eventId: string): Promise<Response>;
  /** The settings API, as an account. */
  api(accountId: string): ApiClient;
  /** What the app's `state` says of who wants to link; `undefined` when the app did not sign it just now. */
  readState(state: string): Promise<LinkState | undefined>;
  /** What the app tells, if it is signed well; `undefined` otherwise. */
  readNotice(body: string, headers: IncomingHttpHeaders): unknown;
};

/** Who wants to link a workspace. */
type LinkState = { teamName: string | null; userId: string };

const linkState = z.object({ team_name: z.string().nullable(), user_id: z.string() });

/** Headers of a body that is signed with `secret` (`whsec_…`) as Standard Webhooks says. */
export function signatureHeaders(secret: string, body: string, at = new Date()): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

/** @param appUrl the app's base URL; @param secret the newest of PERLY_SECRETS */
export function createPerlyClient(appUrl: string, secret: string): PerlyClient {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

  const token: PerlyClient['token'] = (accountId, claims = {}, lifetime = 300) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience('perly-slack')
      .setSubject(accountId)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + lifetime)
      .sign(key);

  return {
    token,
    api: (accountId) => createApiClient(appUrl, () => token(accountId)),
    readNotice(body, headers) {
      try {
        const given = Object.entries(headers).map(([name, value]) => [name, String(value)]);
        return new Webhook(secret).verify(body, Object.fromEntries(given));
      } catch (error) {
        if (error instanceof WebhookVerificationError) return undefined;
        throw error;
      }
    },
    async readState(state) {
      try {
        const { payload } = await jwtVerify(state, key, { algorithms: ['HS256'], audience: 'perly' });
        const { team_name: teamName, user_id: userId } = linkState.parse(payload);
        return { teamName, userId };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
    post(body) {
      const text = JSON.stringify(body);
      return fetch(`${appUrl}/perly/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signatureHeaders(secret, text) },
        body: text,
      });
    },
    async installUrl(accountId, claims) {
      return `${appUrl}/slack/install?token=${await token(accountId, claims)}`;
    },
    async eventStatus(accountId, eventId) {
      return fetch(`${appUrl}/perly/events/${encodeURIComponent(eventId)}`, {
        headers: { authorization: `Bearer ${await token(accountId)}` },
      });
    },
  };
}
