import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  classifyAnswer,
  classifyResponse,
  type Outcome,
} from '../../../src/delivery/webhook/classify-response.ts';
import type { WebhookResponse } from '../../../src/delivery/webhook/client.ts';
import { goneWords } from '../../../src/delivery/webhook/error-words.ts';
import { minuteMs } from '../../../src/lib/time.ts';

const now = new Date('2026-03-02T14:05:00Z');
const html = '<!DOCTYPE html><html><body><h1>403 Forbidden</h1></body></html>';

const sent = { kind: 'sent' } as const;
const refused = { kind: 'refused' } as const;
const wait = (ms: number | undefined) => ({ kind: 'wait', ms }) as const;
/** Certainly not accepted: another try shows nothing twice. */
const retry = { kind: 'retry', lost: false } as const;
/** Possibly accepted. */
const lost = { kind: 'retry', lost: true } as const;
const broken = (canPass: boolean) => ({ kind: 'broken', canPass }) as const;

type Row = [
  status: number,
  headers: WebhookResponse['headers'],
  body: string,
  outcome: Partial<Outcome>,
  reason: string,
];

const rows: Row[] = [
  [200, {}, 'ok', sent, 'what Slack answers'],
  [200, {}, 'ok\n', sent, 'a proxy may add a line break'],
  [200, {}, '\uFEFFok', sent, 'or a byte order mark'],
  [200, {}, '', sent, 'an empty 2xx is a yes'],
  [201, {}, 'ok', sent, 'any 2xx'],
  [202, {}, '', sent, 'any 2xx'],
  [204, {}, '', sent, 'no content is no complaint'],
  [200, {}, '{"ok":true}', sent, 'as the Web API and response_url say it'],
  [200, {}, '{"ok": true, "warning": "x"}', sent, 'with more in it'],
  [200, {}, ' {"ok":true} ', sent, 'with spaces around it'],
  [
    200,
    {},
    '{"ok":false,"error":"channel_not_found"}',
    broken(true),
    'a word of Slack’s in a 200 is that word',
  ],
  [200, {}, '{"ok":false,"error":"no_service"}', broken(false), 'a word of Slack’s in a 200 is that word'],
  [200, {}, '{"ok":false,"error":"invalid_blocks"}', refused, 'a word of Slack’s in a 200 is that word'],
  [
    200,
    {},
    '{"ok":false,"error":"something_new"}',
    retry,
    'a no for certain, for a reason that nobody knows',
  ],
  [200, {}, '{"ok":false,"error":"ratelimited"}', wait(undefined), 'a word of Slack’s in a 200 is that word'],
  [200, {}, '{"ok":false,"error":"internal_error"}', retry, 'a fault of Slack’s own'],
  [200, {}, '{"ok":false}', lost, 'no word, nothing known'],
  [200, {}, '{"ok":false,"error":7}', lost, 'no word, nothing known'],
  [200, {}, '{"ok":"true"}', lost, 'not what Slack says'],
  [200, {}, '{"ok":true', lost, 'cut off'],
  [200, {}, '[]', lost, 'not what Slack says'],
  [200, {}, '{}', lost, 'not what Slack says'],
  [200, {}, 'null', lost, 'no word of Slack’s, though it looks like one'],
  [200, {}, 'no_service', broken(false), 'the word alone in a 200'],
  [200, {}, 'invalid_payload', refused, 'the word alone in a 200'],
  [200, {}, 'rollup_error', retry, 'the word alone in a 200'],
  [200, {}, 'something_new', lost, 'a word that nobody knows, and a status that says yes'],
  [200, {}, html, lost, 'a page of something between'],
  [200, {}, 'OK, thanks', lost, 'not Slack’s words'],
  [404, {}, 'no_service', broken(false), 'gone'],
  [404, {}, 'no_service_id', broken(false), 'gone'],
  [404, {}, 'no_active_hooks', broken(false), 'gone'],
  [404, {}, 'no_team', broken(false), 'gone'],
  [403, {}, 'invalid_token', broken(false), 'gone, as seen with 13 bytes of text/html'],
  [404, {}, 'channel_not_found', broken(true), 'deleted, or became private'],
  [410, {}, 'channel_is_archived', broken(true), 'it may be unarchived'],
  [403, {}, 'action_prohibited', broken(true), 'an admin may allow it again'],
  [403, {}, 'posting_to_general_channel_denied', broken(true), 'an admin may allow it again'],
  [403, {}, 'team_disabled', broken(true), 'it may be enabled again'],
  [410, {}, 'team_disabled', broken(true), 'whatever the status'],
  [400, {}, 'no_service', broken(false), 'whatever the status'],
  [500, {}, 'no_service', broken(false), 'whatever the status'],
  [404, {}, '{"ok":false,"error":"no_service"}', broken(false), 'whatever the shape'],
  [404, {}, 'no_service\r\n', broken(false), 'whatever stands around it'],
  [403, {}, html, retry, 'a page of something between never breaks a channel'],
  [404, {}, html, retry, 'a page of something between never breaks a channel'],
  [410, {}, html, retry, 'a page of something between never breaks a channel'],
  [403, {}, '', retry, 'nothing said'],
  [404, {}, '', retry, 'nothing said'],
  [410, {}, '', retry, 'nothing said'],
  [403, {}, 'something_new', retry, 'a word that nobody knows does no lasting harm'],
  [404, {}, 'constructor', retry, 'a word of JavaScript’s is none of Slack’s'],
  [404, {}, '{"ok":false,"error":"used_url"}', retry, 'what response_url says when it was used up'],
  [404, {}, 'invalid_payload', refused, 'a word for the message, whatever 4xx it comes with'],
  [400, {}, 'invalid_payload', refused, 'a word for the message'],
  [400, {}, 'invalid_blocks', refused, 'a word for the message'],
  [400, {}, 'invalid_blocks_format', refused, 'a word for the message'],
  [400, {}, 'attachment_payload_limit_exceeded', refused, 'a word for the message'],
  [400, {}, 'missing_text_or_fallback_or_attachments', refused, 'a word for the message'],
  [400, {}, 'user_not_found', refused, 'a word for the message'],
  [400, {}, 'msg_blocks_too_long', refused, 'a word for the message'],
  [400, {}, 'something_new', refused, 'any 400 with a word'],
  [400, {}, 'error2', refused, 'any 400 with a word'],
  [400, {}, '{"ok":false,"error":"invalid_blocks"}', refused, 'any 400 with a word'],
  [400, {}, 'rollup_error', retry, 'but a fault of Slack’s own'],
  [400, {}, 'rate_limited', wait(undefined), 'but one of the pace'],
  [400, {}, html, retry, 'no word of Slack’s'],
  [400, {}, '', retry, 'no word of Slack’s'],
  [400, {}, 'ok', retry, 'a status and a body that contradict each other'],
  [400, {}, '{"ok":true}', retry, 'a status and a body that contradict each other'],
  [400, {}, 'Bad Request', retry, 'no word of Slack’s'],
  [413, {}, html, refused, 'too large, whoever says so'],
  [413, {}, '', refused, 'too large, whoever says so'],
  [429, {}, 'rate_limited', wait(undefined), 'too fast'],
  [429, {}, html, wait(undefined), 'too fast, whoever says so'],
  [429, {}, '{"ok":false,"error":"ratelimited"}', wait(undefined), 'too fast'],
  [500, {}, 'rollup_error', retry, 'a fault of Slack’s own'],
  [500, {}, 'invalid_blocks', retry, 'a fault of Slack’s own, whatever it says of the message'],
  [502, {}, html, lost, 'a proxy that passed it on and made nothing of the answer'],
  [502, {}, 'rollup_error', retry, 'a fault of Slack’s own, whatever the status'],
  [503, {}, '', retry, 'an outage'],
  [503, {}, 'timeout', { ...retry, error: 'http_503' }, 'not the app’s own timeout, which took its time'],
  [503, {}, 'unreachable', { ...retry, error: 'http_503' }, 'it was reached'],
  [400, {}, 'moved', { ...retry, error: 'http_400' }, 'the app’s own word, for something else'],
  [504, {}, html, lost, 'a proxy that passed it on and had no answer'],
  [520, {}, html, lost, 'the same of Cloudflare’s'],
  [522, {}, html, retry, 'a proxy that reached nobody'],
  [524, {}, '', lost, 'a proxy that passed it on and had no answer'],
  [599, {}, 'ok', retry, 'no success, no ok'],
  [301, {}, '', retry, 'redirects are not followed'],
  [302, {}, html, retry, 'redirects are not followed'],
  [304, {}, '', retry, 'nothing was posted'],
  [401, {}, html, retry, 'a proxy that wants a password'],
  [407, {}, html, retry, 'a proxy that wants a password'],
  [408, {}, '', retry, 'a server that did not get all of it'],
  [418, {}, 'something_new', retry, 'nobody knows'],
  [451, {}, html, retry, 'a filter on the way'],
  [200, { 'content-type': 'text/html' }, 'ok', sent, 'the body counts, whatever type it is said to have'],
  [
    200,
    { 'content-type': 'application/json' },
    html,
    lost,
    'the body counts, whatever type it is said to have',
  ],
  [403, { 'content-type': 'text/html' }, 'invalid_token', broken(false), 'as Slack sends it'],
  [429, { 'retry-after': '30' }, 'rate_limited', wait(30_000), 'as long as Slack asks for'],
  [429, { 'retry-after': '86400' }, '', wait(15 * minuteMs), 'not silent for a day'],
  [429, { 'retry-after': '9000000000000' }, html, wait(15 * minuteMs), 'no date holds it'],
  [429, { 'retry-after': 'soon' }, '', wait(undefined), 'not a value'],
  [200, { 'retry-after': '30' }, '{"ok":false,"error":"ratelimited"}', wait(30_000), 'whatever the status'],
  [200, { 'retry-after': '30' }, 'ok', sent, 'taken, whatever else it says'],
  [503, { 'retry-after': '86400' }, '', retry, 'the schedule counts'],
  [404, { 'retry-after': '86400' }, html, retry, 'the schedule counts'],
  [302, { location: 'https://hooks.slack.com/services/T/B/x' }, '', retry, 'not even to Slack'],
];

test.each(rows)('%i %j %j: %o, %s', (status, headers, body, outcome) => {
  expect(classifyResponse({ status, headers, body }, now)).toMatchObject(outcome);
});

describe('how long a 429 waits', () => {
  test.each<[string | string[] | undefined, number | undefined, string]>([
    ['30', 30_000, 'seconds'],
    [' 1 ', 1000, 'with spaces'],
    [['5', '7'], 5000, 'the first of several'],
    ['86400', 15 * minuteMs, 'a day is more than any channel may be silent'],
    ['9999999999', 15 * minuteMs, 'so is a year'],
    ['1772460300', 15 * minuteMs, 'an epoch number'],
    ['9000000000000', 15 * minuteMs, 'more than a date can hold'],
    ['9'.repeat(400), 15 * minuteMs, 'more than a number can hold'],
    ['Mon, 02 Mar 2026 14:06:30 GMT', 90_000, 'an HTTP date'],
    ['Monday, 02-Mar-26 14:06:30 GMT', 90_000, 'in the form of RFC 850'],
    ['Mon Mar  2 14:06:30 2026', 90_000, 'in the form of asctime'],
    ['Mon, 02 Mar 2099 14:06:30 GMT', 15 * minuteMs, 'far ahead'],
    ['Mon, 02 Mar 2026 14:00:00 GMT', undefined, 'in the past: as without a value'],
    ['0', undefined, 'no wait at all: as without a value'],
    ['Mon, 99 Mar 2026 14:00:00 GMT', undefined, 'no such date'],
    ['-5', undefined, 'a negative number is no date of the year 2001'],
    ['1.5', undefined, 'no integer'],
    ['1e3', undefined, 'no integer'],
    ['NaN', undefined, 'no number'],
    ['2026-03-02T14:06:30Z', undefined, 'no HTTP date'],
    ['soon', undefined, 'words'],
    ['', undefined, 'nothing'],
    [undefined, undefined, 'no header'],
  ])('Retry-After: %s is %s ms: %s', (value, ms) => {
    const answer = { status: 429, headers: { 'retry-after': value }, body: '' };
    expect(classifyResponse(answer, now)).toEqual({ kind: 'wait', ms, error: 'http_429' });
  });

  test('a Retry-After of anything but a 429 does not replace the schedule', () => {
    const answer = { status: 503, headers: { 'retry-after': '86400' }, body: '' };
    expect(classifyResponse(answer, now)).toMatchObject({ kind: 'retry' });
  });
});

test.each([
  ['lost', 'TIMEOUT', { error: 'timeout', lost: true }],
  ['lost', 'UND_ERR_SOCKET', { error: 'connection_lost', lost: true }],
  ['lost', 'ECONNRESET', { error: 'connection_lost', lost: true }],
  ['unreachable', 'ECONNREFUSED', { error: 'unreachable', lost: false }],
  ['unreachable', 'origin_not_allowed', { error: 'unreachable', lost: false }],
] as const)('without an answer (%s, %s): retry, with a reason that has a text', (kind, code, expected) => {
  expect(classifyAnswer({ kind, code }, now)).toEqual({ kind: 'retry', code, ...expected });
});

test('a broken channel has its reason as text', () => {
  const answer = { status: 410, headers: {}, body: 'channel_is_archived' };
  expect(classifyResponse(answer, now)).toMatchObject({ reason: 'The channel was archived.' });
});

test("a body without one of Slack's words is not quoted", () => {
  const body = 'https://hooks.slack.com/services/T/B/x';
  expect(classifyResponse({ status: 500, headers: {}, body }, now)).toMatchObject({ error: 'http_500' });
});

/** Bodies of Slack's, and of others. */
const anyBody = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => new TextDecoder('latin1').decode(bytes)),
  fc.json(),
  fc.constantFrom('ok', '', '{"ok":true}', 'invalid_blocks', ...Object.keys(goneWords)),
  fc.record({ ok: fc.boolean(), error: fc.string() }).map((value) => JSON.stringify(value)),
);
const anyHeader = fc.oneof(
  fc.constant(undefined),
  fc.string(),
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
);

test('whatever the answer: only a word of Slack’s means broken or sent, and no wait exceeds 15 minutes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), anyHeader, anyBody, (status, retryAfter, body) => {
      const outcome = classifyResponse({ status, headers: { 'retry-after': retryAfter }, body }, now);
      const text = body.trim();
      switch (outcome.kind) {
        case 'sent':
          expect(status >= 200 && status < 300).toBe(true);
          expect(['', 'ok'].includes(text) || JSON.parse(text).ok === true).toBe(true);
          break;
        case 'broken':
          expect(Object.keys(goneWords)).toContain(text.startsWith('{') ? JSON.parse(text).error : text);
          break;
        case 'wait':
          expect(outcome.ms ?? 1).toBeGreaterThan(0);
          expect(outcome.ms ?? 1).toBeLessThanOrEqual(15 * minuteMs);
          break;
        default:
          expect(outcome.error).toMatch(/^(?:http_\d{3}|[a-z][a-z0-9_]*)$/);
      }
    }),
    { numRuns: 2000 },
  );
});
