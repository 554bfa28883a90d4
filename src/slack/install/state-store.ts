import type { InstallURLOptions, StateStore } from '@slack/oauth';
import { z } from 'zod';
import { createSignedTokens } from '../../lib/signed-tokens.ts';
import { deriveKey } from '../../store/keyring.ts';
import type { UsedTokenStore } from '../../store/used-tokens.ts';
import { PageError, toPageError } from './page-error.ts';

/** The time on Slack's consent page, as long as Slack's own `code` lasts. Seconds. */
export const stateLifetime = 10 * 60;

const stateSchema = z.object({
  scopes: z.array(z.string()),
  redirectUri: z.string(),
  metadata: z.string().optional(),
});

const refuse = toPageError(
  { token_expired: 'state_expired', token_forged: 'state_forged' },
  'The state is not valid.',
);

/**
 * The state is a signed token, so that any process can verify it, once; browser-states.ts checks first whether it
 * belongs to the browser.
 */
export function createStateStore(
  secrets: readonly Buffer[],
  usedTokens: Pick<UsedTokenStore, 'use'>,
): StateStore {
  const states = createSignedTokens({
    keys: secrets.map((secret) => deriveKey(secret, 'OAuth state')),
    audience: 'slack-oauth',
    lifetime: stateLifetime,
    content: stateSchema,
  });

  return {
    generateStateParam: (options, now) => states.sign(stateSchema.parse(options), now),

    /** @throws PageError `state_expired`, `state_forged` or `state_used` */
    async verifyStateParam(now, state): Promise<InstallURLOptions> {
      const { content, jti } = await states.verify(state, now).catch(refuse);
      const expiresAt = new Date(now.getTime() + stateLifetime * 1000);
      if (!(await usedTokens.use('oauth state', jti, expiresAt)))
        throw new PageError('state_used', 'The state was used before.');
      const { metadata, ...options } = content;
      return { ...options, ...(metadata !== undefined && { metadata }) };
    },
  };
}
