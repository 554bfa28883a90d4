import type { WebhookAnswer, WebhookResponse } from './client.ts';
import { faultWords, goneWords, ownReasons, rateLimitWords, refusalWords } from './error-words.ts';
import { parseRetryAfter } from './retry-after.ts';

/**
 * `retry` follows the schedule, `lost` if Slack may have accepted the message; `wait` counts no attempt; `broken`:
 * the webhook is gone; `refused`: only this message. `error` is Slack's error word, `http_<status>` without one, or a
 * `ConnectionError`.
 */
export type Outcome =
  | { kind: 'sent' }
  | { kind: 'retry'; error: string; lost: boolean; code?: string }
  | { kind: 'wait'; ms: number | undefined; error: string }
  | {
      kind: 'broken';
      reason: string;
      canPass: boolean;
      error: string;
    }
  | { kind: 'refused'; error: string };

type BodyMeaning =
  | { kind: 'ok' }
  | { kind: 'error'; word: string; isExplicit: boolean }
  | { kind: 'unknown' };

/** Statuses of proxies that got no valid answer; the last two are Cloudflare's. */
const lostStatuses: ReadonlySet<number> = new Set([502, 504, 520, 524]);

/**
 * Only Slack's own word marks a channel broken or refuses a message; unknown answers are retried.
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
export function classifyResponse({ status, headers, body }: WebhookResponse, now: Date): Outcome {
  const meaning = readBody(body);
  const isSuccess = status >= 200 && status < 300;
  const word = meaning.kind === 'error' ? meaning.word : undefined;
  const error = word ?? `http_${status}`;
  if (word !== undefined && Object.hasOwn(goneWords, word)) {
    const gone = goneWords[word];
    if (gone !== undefined) return { kind: 'broken', ...gone, error };
  }
  if (status === 429 || (word !== undefined && rateLimitWords.has(word)))
    return { kind: 'wait', ms: parseRetryAfter(headers['retry-after'], now), error };
  if (status === 413) return { kind: 'refused', error };
  if (word !== undefined && isRefusal(word, status)) return { kind: 'refused', error };
  if (!isSuccess) return { kind: 'retry', error, lost: word === undefined && lostStatuses.has(status) };
  if (meaning.kind === 'ok') return { kind: 'sent' };
  const isKnownUnsent = meaning.kind === 'error' && (meaning.isExplicit || faultWords.has(meaning.word));
  return { kind: 'retry', error, lost: !isKnownUnsent };
}

/** Classifies connection errors as well as answers. */
export function classifyAnswer(answer: WebhookAnswer, now: Date): Outcome {
  if (answer.kind === 'answered') return classifyResponse(answer, now);
  const { kind, code } = answer;
  if (kind === 'unreachable') return { kind: 'retry', error: 'unreachable', lost: false, code };
  return { kind: 'retry', error: code === 'TIMEOUT' ? 'timeout' : 'connection_lost', lost: true, code };
}

/**
 * With a 400, any word refuses the message unless it is about a fault of Slack's; with other statuses, only known
 * words do.
 */
function isRefusal(word: string, status: number): boolean {
  if (status >= 500 || faultWords.has(word)) return false;
  return status === 400 || refusalWords.has(word);
}

/** True if Slack accepted the message, or says what is wrong with it. */
export function isFromSlack(outcome: Outcome): boolean {
  return outcome.kind === 'sent' || (outcome.kind === 'refused' && refusalWords.has(outcome.error));
}

function readBody(body: string): BodyMeaning {
  const text = body.trim();
  if (text === '' || text === 'ok') return { kind: 'ok' };
  if (isWord(text)) return { kind: 'error', word: text, isExplicit: false };
  const json = parseObject(text);
  if (json === undefined || !('ok' in json)) return { kind: 'unknown' };
  if (json.ok === true) return { kind: 'ok' };
  const { error } = json;
  return json.ok === false && typeof error === 'string' && isWord(error)
    ? { kind: 'error', word: error, isExplicit: true }
    : { kind: 'unknown' };
}

function isWord(text: string): boolean {
  return /^[a-z][a-z0-9_]{0,59}$/.test(text) && !ownReasons.has(text);
}

function parseObject(text: string): { ok?: unknown; error?: unknown } | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
