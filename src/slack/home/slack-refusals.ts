import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';

/**
 * Refusals because a view was closed or changed meanwhile, the click is too old, or the app was removed.
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

/** Rate limits count as harmless too. */
export function harmlessRefusal(error: unknown): string | undefined {
  if (error instanceof WebAPIRateLimitedError) return 'rate_limited';
  if (!(error instanceof WebAPIPlatformError)) return undefined;
  return harmless.has(error.data.error) ? error.data.error : undefined;
}
