import { describe, expect, test } from 'vitest';
import { toVerdict } from '../../../src/slack/webhook/verdict.ts';
import type { WebhookAnswer } from '../../../src/slack/webhook/webhook-client.ts';

function answered(status: number, body: string, retryAfterMs?: number): WebhookAnswer {
  return { kind: 'answered', status, body, retryAfterMs };
}

describe('what an answer of a webhook means', () => {
  test.each<[WebhookAnswer, string]>([
    [answered(200, 'ok'), 'sent'],
    [answered(429, 'rate_limited', 30_000), 'wait'],
    [answered(503, '<html>busy</html>', 30_000), 'wait'],
    [answered(500, 'rollup_error'), 'retry'],
    [answered(502, '<html>'), 'retry'],
    [answered(400, 'user_not_found'), 'retry'],
    [answered(418, 'something_new'), 'retry'],
    [answered(302, ''), 'retry'],
    [{ kind: 'lost', code: 'TIMEOUT' }, 'retry'],
    [{ kind: 'unreachable', code: 'ECONNREFUSED' }, 'retry'],
    [answered(400, 'invalid_payload'), 'refused'],
    [answered(400, 'invalid_blocks'), 'refused'],
    [answered(400, 'msg_blocks_too_long'), 'refused'],
    [answered(400, 'too_many_attachments'), 'refused'],
    [answered(404, 'no_service'), 'broken'],
    [answered(404, 'no_active_hooks'), 'broken'],
    [answered(404, 'no_team'), 'broken'],
    [answered(403, 'invalid_token'), 'broken'],
    [answered(404, 'channel_not_found'), 'broken'],
    [answered(410, 'channel_is_archived'), 'broken'],
    [answered(403, 'action_prohibited'), 'broken'],
    [answered(403, 'posting_to_general_channel_denied'), 'broken'],
    [answered(410, 'team_disabled'), 'broken'],
    [answered(400, 'no_service'), 'broken'],
    [answered(404, 'invalid_payload'), 'refused'],
    [answered(403, 'something_new'), 'broken'],
    [answered(404, '<html>'), 'broken'],
    [answered(410, ''), 'broken'],
    [answered(400, 'constructor'), 'retry'],
  ])('%o: %s', (answer, kind) => {
    expect(toVerdict(answer).kind).toBe(kind);
  });

  test('a 429 waits as long as Slack says, or a second', () => {
    expect(toVerdict(answered(429, '', 30_000))).toMatchObject({ ms: 30_000 });
    expect(toVerdict(answered(429, ''))).toMatchObject({ ms: 1000 });
  });

  test('a broken channel says why in words', () => {
    expect(toVerdict(answered(410, 'channel_is_archived'))).toMatchObject({
      reason: 'The channel was archived.',
    });
  });

  test("a body that is none of Slack's words is not repeated", () => {
    expect(toVerdict(answered(500, 'https://hooks.slack.com/services/T/B/x'))).toMatchObject({
      error: 'http_500',
    });
  });
});
