import { suppressReasons } from '../../domain/decide.ts';
import { endReasons } from '../../store/deliveries/states.ts';

/** `canPass`: the webhook may work again without reconnecting the channel. */
type Gone = { reason: string; canPass: boolean };

const removed: Gone = { reason: 'The connection was removed in Slack.', canPass: false };
const forbidden: Gone = { reason: 'A workspace admin does not allow these messages.', canPass: true };

/** @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors */
export const goneWords: Readonly<Record<string, Gone>> = {
  no_service: removed,
  no_service_id: removed,
  no_active_hooks: removed,
  invalid_token: removed,
  no_team: { reason: 'The Slack workspace no longer exists.', canPass: false },
  team_disabled: { reason: 'The Slack workspace is disabled.', canPass: true },
  channel_not_found: {
    reason: 'Slack cannot find the channel: it may be private now, or deleted.',
    canPass: true,
  },
  channel_is_archived: { reason: 'The channel was archived.', canPass: true },
  action_prohibited: forbidden,
  posting_to_general_channel_denied: {
    reason: 'Posting in this channel is restricted, and the person who connected it is not allowed to.',
    canPass: true,
  },
};

/** Words for a message that Slack does not accept, documented or seen by others. */
export const refusalWords: ReadonlySet<string> = new Set([
  'attachment_payload_limit_exceeded',
  'invalid_attachments',
  'invalid_attachments_format',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_payload',
  'missing_text_or_fallback_or_attachments',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'too_many_attachments',
  'user_not_found',
]);

export const rateLimitWords: ReadonlySet<string> = new Set(['rate_limited', 'ratelimited']);

/** Words for Slack's own faults. */
export const faultWords: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'rollup_error',
  'service_unavailable',
]);

/** Stored instead of a word where nothing answered. */
export const connectionErrors = ['timeout', 'connection_lost', 'unreachable'] as const;

export type ConnectionError = (typeof connectionErrors)[number];

/** Reasons of the app itself: an answer with such a word must not be stored as one. */
export const ownReasons: ReadonlySet<string> = new Set([
  ...connectionErrors,
  ...endReasons,
  ...suppressReasons,
]);
