import { LRUCache } from 'lru-cache';
import { parseJson } from '../parse-json.ts';
import type { RemovalReason } from '../store/installations.ts';

/**
 * Slack's words for a token that never works again. Others (`token_expired`, `not_authed`, `ratelimited`, `org_login_required`)
 * say something of the call or pass by themselves.
 */
const words = ['account_inactive', 'token_revoked', 'invalid_auth'] as const satisfies RemovalReason[];

/** Whether an error word of the Web API says that the token is dead. @returns the word */
export function toDeadTokenWord(error: unknown): RemovalReason | undefined {
  return words.find((word) => word === error);
}

/** How many tokens are known at a time: those that were used last. */
const maxTokens = 10_000;

/**
 * A `fetch` that notices when Slack answers that a workspace's token is dead, whatever was asked.
 *
 * @param onDead told of each such answer
 */
export function createTokenWatch(plainFetch: typeof fetch, onDead: (teamId: string) => void) {
  const teams = new LRUCache<string, string>({ max: maxTokens });

  return {
    /** Whose token it is, for what is asked with it from now on. */
    remember(token: string, teamId: string): void {
      teams.set(token, teamId);
    },

    fetch: (async (input, init) => {
      const response = await plainFetch(input, init);
      const token = /^Bearer (.+)$/.exec(new Headers(init?.headers).get('authorization') ?? '')?.[1];
      const teamId = token === undefined ? undefined : teams.get(token);
      if (teamId !== undefined && (await saysDead(response))) onDead(teamId);
      return response;
    }) satisfies typeof fetch,
  };
}

async function saysDead(response: Response): Promise<boolean> {
  try {
    const answer = parseJson(await response.clone().text());
    if (typeof answer !== 'object' || answer === null) return false;
    return 'error' in answer && toDeadTokenWord(answer.error) !== undefined;
  } catch {
    // Whoever asked finds out as well that it is no answer.
    return false;
  }
}
