import fc from 'fast-check';
import { findAuthorizeUrl } from '../../../sandbox/slack/browser.ts';
import type { TestApp } from '../../support/test-app.ts';
import type { FuzzInput } from './fuzz-input.ts';

/** Where Slack sent the browser back to, and the app's cookies in that browser. */
export type CallbackVisit = { query: string; cookie: string };

/** Presses Allow or Cancel, and does not follow the redirect to the app. */
export async function beginInstall(app: TestApp, channel: string, account?: string): Promise<CallbackVisit> {
  const start = await fetch(
    account === undefined ? `${app.url}/slack/install` : await app.perly.installUrl(account),
    { redirect: 'manual', headers: { 'x-forwarded-for': '192.0.2.1' } },
  );
  const cookie = start.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const back = await app.slack.approve(await findAuthorizeUrl(start), { channel });
  return { query: new URL(back).search.slice(1), cookie };
}

const odd = [
  '',
  'null',
  'undefined',
  '__proto__',
  '{"$gt":""}',
  'eyJhbGciOiJub25lIn0.e30.',
  'eyJhbGciOiJIUzI1NiJ9.e30.AAAA',
  '../../',
  '%00',
  '\u{1F680}',
  '\u0000\r\nSet-Cookie: a=b',
  '<script>alert(1)</script>',
  'x'.repeat(3000),
];

const value = fc.oneof(
  fc.constantFrom(...odd),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed()),
);

type Edit = { key: string; how: 'set' | 'remove' | 'twice' | 'bend' | 'raw'; value: string; at: number };

const edit: fc.Arbitrary<Edit> = fc.record({
  key: fc.constantFrom(
    'code',
    'state',
    'error',
    'code[]',
    'state[$gt]',
    '__proto__[x]',
    'error_description',
    'team',
  ),
  how: fc.constantFrom('set', 'remove', 'twice', 'bend', 'raw'),
  value: fc.oneof({ arbitrary: value, weight: 4 }, { arbitrary: fc.constant('access_denied'), weight: 1 }),
  at: fc.nat(),
});

function bend(text: string, at: number): string {
  const place = at % Math.max(1, text.length);
  return text.slice(0, place) + String.fromCharCode(97 + (at % 26)) + text.slice(place + 1);
}

function editQuery(query: string, edits: readonly Edit[]): string {
  const parameters = new URLSearchParams(query);
  let raw = '';
  for (const { key, how, value, at } of edits) {
    if (how === 'set') parameters.set(key, value);
    else if (how === 'remove') parameters.delete(key);
    else if (how === 'twice') parameters.append(key, value);
    else if (how === 'bend') parameters.set(key, bend(parameters.get(key) ?? '', at));
    else raw += ['&%', '&=%ff', '&&&=', ';a=b', '&a[b][c]=d', '?', '&state'][at % 7];
  }
  return `${parameters}${raw}`;
}

/** Visits to OAuth's callback: as Slack sends a browser there, and malformed ones. */
export function callbackInputs(visits: readonly CallbackVisit[]): fc.Arbitrary<FuzzInput> {
  return fc
    .record({
      visit: fc.constantFrom(...visits),
      other: fc.constantFrom(...visits),
      edits: fc.array(edit, { maxLength: 3 }),
      cookie: fc.nat({ max: 19 }),
      at: fc.nat(),
      method: fc.oneof(
        { arbitrary: fc.constant('GET'), weight: 30 },
        { arbitrary: fc.constantFrom('POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'), weight: 1 },
      ),
      path: fc.oneof(
        { arbitrary: fc.constant(''), weight: 30 },
        { arbitrary: fc.constantFrom('/', '/x', '/%2e%2e', '/%ff', '//'), weight: 1 },
      ),
    })
    .map(({ visit, other, edits, cookie, at, method, path }) => ({
      method,
      path: `/slack/oauth_redirect${path}?${editQuery(visit.query, edits)}`,
      headers: cookieHeader(cookie, visit.cookie, other.cookie, at),
      body: method === 'POST' || method === 'PUT' ? Buffer.from('{"a":') : undefined,
      signed: 'not' as const,
    }));
}

function cookieHeader(how: number, own: string, other: string, at: number): Record<string, string> {
  if (how < 12) return { cookie: own };
  if (how < 14) return { cookie: other };
  if (how < 16) return { cookie: `${other}; ${own}; ${bend(own, at)}` };
  if (how < 17) return { cookie: bend(own, at) };
  if (how < 18) return { cookie: `=; ;;${own}=;__proto__=${'x'.repeat(at % 4000)}` };
  return {};
}
