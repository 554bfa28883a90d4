import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';

/**
 * What Slack says when somebody was quicker, or has gone: the view was closed or changed meanwhile, the click is more
 * than three seconds old, the app was removed from the workspace. Nothing is to be done, and nobody is to be told.
 * https://docs.slack.dev/reference/methods/views.update#errors
 */
const harmless = new Set([
  'hash_conflict',
  'not_found',
  'not_enabled',
  'expired_trigger_id',
  'exchanged_trigger_id',
  'trigger_expired',
  'trigger_exchanged',
  'user_not_found',
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
]);

/** The word of Slack's refusal, if it is one that does no harm; Slack's limit of calls a minute is one as well. */
export function harmlessRefusal(error: unknown): string | undefined {
  if (error instanceof WebAPIRateLimitedError) return 'rate_limited';
  if (!(error instanceof WebAPIPlatformError)) return undefined;
  return harmless.has(error.data.error) ? error.data.error : undefined;
}
