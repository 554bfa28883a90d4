import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { findAuthorizeUrl } from '../../../sandbox/slack/browser.ts';

/** Requests `/slack/install`. @returns the browser's next URL and its cookies */
export async function begin(installUrl: string) {
  const answer = await fetch(installUrl, { redirect: 'manual' });
  const [setCookie = ''] = answer.headers.getSetCookie();
  expect(setCookie).toMatch(/^perly-install-\S+; Max-Age=600; Path=\/; .*HttpOnly; SameSite=Lax$/);
  const authorizeUrl = await findAuthorizeUrl(answer);
  const state = new URL(authorizeUrl).searchParams.get('state') ?? '';
  return { authorizeUrl, state, cookie: setCookie.split(';')[0] ?? '' };
}

/** The cookie of a browser that began with this state. */
export function cookieOf(state: string): string {
  const digest = createHash('sha256').update(state).digest('base64url');
  return `perly-install-${digest.slice(0, 12)}=${digest.slice(12)}`;
}
