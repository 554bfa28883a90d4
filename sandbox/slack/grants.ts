import { minuteMs } from './time.ts';

/** Waits to be exchanged for tokens. */
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

/** https://docs.slack.dev/authentication/installing-with-oauth */
const codeLifetime = 10 * minuteMs;

/** A code works once. @returns the grant, or Slack's error word */
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
