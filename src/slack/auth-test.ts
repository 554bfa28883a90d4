import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { AuthTest } from '../channels/invalid-tokens.ts';
import { readTokenError } from './dead-token.ts';

/** Asks Slack whether a token works. @see https://docs.slack.dev/reference/methods/auth.test */
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
