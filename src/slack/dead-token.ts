import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { LRUCache } from 'lru-cache';
import type { AuthTest, TokenError } from '../channels/invalid-tokens.ts';
import { parseJson } from '../lib/parse-json.ts';

function readTokenError(error: unknown): TokenError | undefined {
  if (error === 'invalid_auth') return { kind: 'invalid' };
  return error === 'account_inactive' || error === 'token_revoked'
    ? { kind: 'dead', word: error }
    : undefined;
}

/** The most recently used tokens are kept. */
const maxTokens = 10_000;

/** @param onRefused called whenever Slack answers any call that the workspace's token does not work */
export function createTokenWatch(plainFetch: typeof fetch, onRefused: (teamId: string) => void) {
  // Not `max`, which would allocate the space for all of them at once.
  const teams = new LRUCache<string, string>({ maxSize: maxTokens, sizeCalculation: () => 1 });

  return {
    remember(token: string, teamId: string): void {
      teams.set(token, teamId);
    },

    fetch: (async (input, init) => {
      const response = await plainFetch(input, init);
      const token = /^Bearer (.+)$/.exec(new Headers(init?.headers).get('authorization') ?? '')?.[1];
      const teamId = token === undefined ? undefined : teams.get(token);
      if (teamId !== undefined && (await isTokenRefused(response))) onRefused(teamId);
      return response;
    }) satisfies typeof fetch,
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
