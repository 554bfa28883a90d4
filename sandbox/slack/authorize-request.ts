import type { SlackApp } from './app.ts';

export interface AuthorizeRequest {
  scopes: string[];
  redirectUri: string;
  /** If the app named it, it has to name it again for the exchange. */
  redirectUriGiven: boolean;
  state: string | undefined;
  teamId: string | undefined;
}

/** Real Slack has many more. */
const knownScopes = ['incoming-webhook', 'commands', 'chat:write', 'users:read', 'team:read'];

/** @returns the request, or Slack's error word */
export function readAuthorizeRequest(query: URLSearchParams, app: SlackApp): AuthorizeRequest | string {
  if (query.get('client_id') !== app.clientId) return 'bad_client_id';
  const scopes = (query.get('scope') ?? '').split(/[\s,]+/).filter((scope) => scope !== '');
  if (scopes.length === 0) return 'invalid_scope';
  if (!scopes.every((scope) => knownScopes.includes(scope))) return 'invalid_scope';
  if (query.get('user_scope')) return 'invalid_scope';
  const given = query.get('redirect_uri');
  const redirectUri = given ?? app.redirectUrls?.[0];
  if (redirectUri === undefined || !isAllowed(redirectUri, app.redirectUrls)) return 'bad_redirect_uri';
  return {
    scopes,
    redirectUri,
    redirectUriGiven: given !== null,
    state: query.get('state') ?? undefined,
    teamId: query.get('team') ?? undefined,
  };
}

function isAllowed(redirectUri: string, allowed: readonly string[] | undefined): boolean {
  if (!URL.canParse(redirectUri)) return false;
  const url = new URL(redirectUri);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  if (allowed !== undefined) return allowed.some((start) => redirectUri.startsWith(start));
  return ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}
