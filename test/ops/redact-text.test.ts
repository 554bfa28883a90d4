import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactText } from '../../src/ops/redact-text.ts';
import { anyText } from '../support/any-text.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhY2N0XzEifQ.c2lnbmF0dXJl';

describe('a redacted text', () => {
  it.each<[text: string, left: string]>([
    [
      'POST https://hooks.slack.com/services/T1/B1/abc failed',
      'POST https://hooks.slack.com/[redacted] failed',
    ],
    ['https://hooks.slack-gov.com/services/T1/B1/abc', 'https://hooks.slack-gov.com/[redacted]'],
    ['http://127.0.0.1:4000/services/T1/B1/abc: reset', 'http://127.0.0.1:4000/services/[redacted] reset'],
    ['https://hooks.slack.com/triggers/E1/2/abc', 'https://hooks.slack.com/[redacted]'],
    ['token xoxb-12-34-abC, xoxe.xoxp-1-Mi0', 'token [redacted], xoxe.[redacted]'],
    ['xapp-1-A0-2-ff', '[redacted]'],
    ['PERLY_SECRETS=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw==', 'PERLY_SECRETS=[redacted]'],
    [`jwt ${jwt}.`, 'jwt [redacted]'],
    [`Authorization: Bearer ${jwt}`, 'Authorization: Bearer [redacted]'],
    [
      '/slack/oauth_redirect?code=1.2.a&state=abc&error=x',
      '/slack/oauth_redirect?code=[redacted]&state=[redacted]&error=x',
    ],
    ['body: {"client_secret":"topsecret","x":1}', 'body: {"client_secret":"[redacted]","x":1}'],
    ['{\\"client_secret\\":\\"topsecret\\"}', '{\\"client_secret\\":\\"[redacted]\\"}'],
    ['request body: {\\"code\\":\\"bent.code\\"}', 'request body: {\\"code\\":\\"[redacted]\\"}'],
    ['{\\"trigger_id\\":\\"S885595774848.394114398996.0d2s\\"}', '{\\"trigger_id\\":\\"[redacted]\\"}'],
    ['{"response_url": "http://h/actions/T1/2/abc"}', '{"response_url": "[redacted]"}'],
    ['"code":"383858783743.322188921565.3c1a0gIvsxlS7x"', '"code":"[redacted]"'],
    ['mongodb+srv://app:pa%40ss@db.example/x', 'mongodb+srv://[redacted]@db.example/x'],
  ])('%s', (text, left) => {
    expect(redactText(text)).toBe(left);
  });

  it.each([
    'Perly for Slack is listening on https://perly-slack.example.com',
    'score dropped to 32 (-18), code=11000 state: pending',
    'at /app/services/mail.js:3, the services/T1 folder, foxes-and-boxes, ada@example.com',
    'An API error occurred: invalid_code',
    '{"err":{"code":"ECONNRESET"}}',
  ])('everything: %s', (text) => {
    expect(redactText(text)).toBe(text);
  });
});

it('removes secrets from any line of JSON and leaves it valid JSON', () => {
  const secret = fc.constantFrom(
    'xoxb-1-2-topsecret',
    'whsec_topsecret',
    `eyJhbGciOiJ9.topsecret.x`,
    'http://h/services/T1/B1/topsecret',
  );
  const around = anyText();
  fc.assert(
    fc.property(around, secret, around, (before, middle, after) => {
      const line = redactText(JSON.stringify({ text: `${before}${middle}"${after}` }));
      expect(line).not.toContain('topsecret');
      expect(Object.keys(JSON.parse(line))).toEqual(['text']);
    }),
  );
});

it('keeps the escape that ends where a JWT begins', () => {
  const line = redactText(JSON.stringify({ text: `\u000e${jwt.slice(1)}, \u000e${jwt}` }));
  expect(JSON.parse(line)).toEqual({ text: '\u000e[redacted], \u000e[redacted]' });
});

// In quadratic time one of these would exceed a test's timeout by two orders of magnitude.
it.each([
  'eyJ',
  'eyJ.',
  'eyJhbGci.',
  'a',
  'a.',
  '-',
  'hooks.slack',
  'hooks.slack.com',
  '/services',
  '/services/A',
  '/services/A/B',
  'xoxb',
  'xapp-',
  'whsec_',
  'Bearer ',
  '?code=',
  '&token',
  'client_secret',
  'client_secret\\',
  'client_secret" ',
  'code\\" ',
  '123456',
  '123456.',
  '://',
  '://a',
  '\\u000e',
])('takes linear time for a megabyte of %j', (piece) => {
  const text = piece.repeat(1_000_000 / piece.length);
  expect(redactText(`${text} end`)).toMatch(/ end$/);
});
