import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { AuthTest, TokenError } from '../channels/invalid-tokens.ts';
import { parseJson } from '../lib/parse-json.ts';

function readTokenError(error: unknown): TokenError | undefined {
  if (error === 'invalid_auth') return { kind: 'invalid' };
  return error === 'account_inactive' || error === 'token_revoked'
    ? { kind: 'dead', word: error }
    : undefined;
}

/**
 * Returns the `fetch` for calls with a workspace's token.
 * @param onRefused called whenever Slack answers any of them that the token does not work
 */
export function createTokenWatch(plainFetch: typeof fetch, onRefused: (teamId: string) => void) {
  return (teamId: string): typeof fetch =>
    async (input, init) => {
      const response = await plainFetch(input, init);
      if (await isTokenRefused(response)) onRefused(teamId);
      return response;
    };
}

async function isTokenRefused(response: Response): Promise<boolean> {
  try {
    const answer = parseJson(await response.clone().text());
    if (typeof answer !== 'object' || answer === null) return false;
    return 'error' in answer && readTokenError(answer.error) !== undefined;
  } catch {
    return false;
  }
}

/** @see https://docs.slack.dev/reference/methods/auth.test */
export function createAuthTest(clientWith: (token: string) => Pick<WebClient, 'auth'>): AuthTest {
  return async (token) => {
    try {
      await clientWith(token).auth.test();
      return { kind: 'works' };
    } catch (error) {
      if (!(error instanceof WebAPIPlatformError))
        return { kind: 'unknown', error: error instanceof Error ? error.name : 'unknown' };
      return readTokenError(error.data.error) ?? { kind: 'unknown', error: error.data.error };
    }
  };
}
