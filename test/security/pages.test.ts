import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
});
afterAll(() => running.close());

/** Each with its sources. */
function directivesOf(answer: Response): Map<string, string[]> {
  const policy = answer.headers.get('content-security-policy') ?? '';
  return new Map(
    policy.split(';').map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );
}

/** Every address that answers with a page, except the API's description. */
const pages = [
  '/slack/install?token=x',
  '/slack/link?link=x',
  '/slack/oauth_redirect',
  '/slack/oauth_redirect?error=access_denied',
  '/slack/oauth_redirect/below',
  '/perly/link?token=x',
  '/',
  '/support',
  '/privacy',
  '/nowhere',
];

describe.each(pages)('the page at %s', (path) => {
  test('runs no script, loads nothing from elsewhere, and cannot be framed', async () => {
    const answer = await fetch(`${running.url}${path}`);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const directives = directivesOf(answer);
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('frame-ancestors')).toEqual(["'none'"]);
    expect(directives.get('base-uri')).toEqual(["'none'"]);
    expect(directives.get('form-action')).toEqual(["'none'"]);
    expect(directives.has('script-src')).toBe(false);
    const sources = [...directives.values()].flat();
    expect(sources.filter((source) => !/^('none'|'sha256-[\w+/]+=*'|data:)$/.test(source))).toEqual([]);
    const html = await answer.text();
    expect(html).not.toMatch(/<script|<iframe|<form|<object|\son\w+=|javascript:|style="/i);
    expect(html).not.toMatch(/(?:src|<link[^>]*href)="(?!data:)/i);
  });
});

test("the API's page runs and loads only its own files, sends nothing, and cannot be framed", async () => {
  const answer = await fetch(`${running.url}/perly/docs`);
  const directives = directivesOf(answer);
  for (const name of ['default-src', 'base-uri', 'form-action', 'frame-ancestors'])
    expect(directives.get(name)).toEqual(["'none'"]);
  const sources = [...directives.values()].flat();
  expect(sources.filter((source) => !/^('none'|'self'|'sha256-[\w+/]+=*'|data:)$/.test(source))).toEqual([]);
  const html = await answer.text();
  const addresses = [...html.matchAll(/ (?:src|href)="([^"]*)"/g)].map(([, address = '']) => address);
  expect(addresses).toHaveLength(3);
  for (const address of addresses.filter((each) => each !== 'data:,'))
    expect(await fetch(`${running.url}${address}`)).toMatchObject({ status: 200 });
});

test.each([
  ...pages,
  '/perly/docs',
  '/perly/docs/swagger-ui.css',
  '/perly/openapi.json',
  '/perly/events/x',
  '/healthz',
])(
  '%s: the browser guesses no type, sends no referrer, and learns nothing about the server',
  async (path) => {
    const { headers } = await fetch(`${running.url}${path}`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  },
);
