import type { WebhookAnswer } from './webhook-client.ts';

/**
 * What an answer of a webhook means for the delivery: `sent`; `retry` on the schedule, `lost` when nobody knows whether
 * Slack took the message; `wait` as long as Slack says, which costs no try; `broken`, the webhook is gone, with the
 * reason as people read it; `refused`, this one message is not to Slack's liking, which is our fault.
 */
export type Verdict =
  | { kind: 'sent' }
  | { kind: 'retry'; error: string; lost: boolean }
  | { kind: 'wait'; ms: number; error: string }
  | { kind: 'broken'; reason: string; error: string }
  | { kind: 'refused'; error: string };

/** Without a `Retry-After`, a 429 waits for Slack's own pace: one message a second. */
const defaultWaitMs = 1000;

const deleted = 'The channel was deleted.';
const removed = 'The connection was removed in Slack.';
const forbidden = 'A workspace admin does not allow these messages.';

/**
 * Slack's words for a webhook that is gone, and ours for people.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
const brokenBodies: Record<string, string> = {
  no_service: removed,
  no_service_id: removed,
  no_active_hooks: removed,
  invalid_token: removed,
  no_team: 'The Slack workspace is gone.',
  team_disabled: 'The Slack workspace is disabled.',
  channel_not_found: deleted,
  channel_is_archived: 'The channel was archived.',
  action_prohibited: forbidden,
  posting_to_general_channel_denied:
    'Not everyone may post in this channel, and the person who connected it may not.',
};

/** Slack's words for a message that it does not take, from the same page and from what others have seen. */
const refusedBodies = new Set([
  'invalid_payload',
  'invalid_blocks',
  'invalid_attachments',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'too_many_attachments',
]);

/** Statuses that mean a webhook that is gone, when the body is none that we know. */
const brokenStatuses = new Set([403, 404, 410]);

/** Reads an answer: the body first, the status second. A 4xx that nobody knows is tried again, never given up on. */
export function toVerdict(answer: WebhookAnswer): Verdict {
  if (answer.kind !== 'answered') return { kind: 'retry', error: answer.code, lost: answer.kind === 'lost' };
  const { status, body, retryAfterMs } = answer;
  const error = isSlackWord(body) ? body : `http_${status}`;
  if (status === 200) return { kind: 'sent' };
  if (status === 429) return { kind: 'wait', ms: retryAfterMs ?? defaultWaitMs, error };
  const reason = Object.hasOwn(brokenBodies, body) ? brokenBodies[body] : undefined;
  if (reason !== undefined) return { kind: 'broken', reason, error };
  if (refusedBodies.has(body)) return { kind: 'refused', error };
  if (brokenStatuses.has(status)) return { kind: 'broken', reason: removed, error };
  if (retryAfterMs !== undefined) return { kind: 'wait', ms: retryAfterMs, error };
  return { kind: 'retry', error, lost: false };
}

function isSlackWord(body: string): boolean {
  return /^[a-z_]{1,60}$/.test(body);
}
