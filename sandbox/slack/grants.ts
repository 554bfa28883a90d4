import { minuteMs } from './time.ts';

/** A person's approval, waiting to be exchanged for tokens. */
export interface Grant {
  readonly code: string;
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  readonly redirectUriGiven: boolean;
  readonly teamId: string;
  readonly userId: string;
  readonly channelId: string | undefined;
  readonly createdAt: number;
  used: boolean;
}

/** A code is valid for ten minutes (https://docs.slack.dev/authentication/installing-with-oauth). */
const codeLifetime = 10 * minuteMs;

/**
 * Finds the grant of a code, and uses it up.
 * @param now milliseconds since 1970
 * @returns the grant, or Slack's error word
 */
export function redeem(
  grants: ReadonlyMap<string, Grant>,
  code: string | undefined,
  redirectUri: string | undefined,
  now: number,
): Grant | string {
  const grant = grants.get(code ?? '');
  if (grant === undefined || now - grant.createdAt >= codeLifetime) return 'invalid_code';
  if (grant.used) return 'code_already_used';
  const named = redirectUri ?? (grant.redirectUriGiven ? undefined : grant.redirectUri);
  if (named !== grant.redirectUri) return 'bad_redirect_uri';
  grant.used = true;
  return grant;
}
