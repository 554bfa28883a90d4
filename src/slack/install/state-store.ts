import type { InstallURLOptions, StateStore } from '@slack/oauth';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { deriveKey } from '../../store/keyring.ts';

/** How long a person may take at Slack's consent page; Slack's own `code` lives as long. Seconds. */
const stateLifetime = 10 * 60;

const audience = 'slack-oauth';

const stateSchema = z.object({
  scopes: z.array(z.string()),
  redirectUri: z.string(),
  metadata: z.string().optional(),
});

/**
 * OAuth's `state` as a signed JWT, so that any process can check what another began. The newest secret signs, all
 * verify. @slack/oauth compares it with the browser's cookie as well.
 */
export function createStateStore(secrets: readonly Buffer[]): StateStore {
  const keys = secrets.map((secret) => deriveKey(secret, 'OAuth state'));
  const [newest] = keys;
  if (newest === undefined) throw new AppError('config_invalid', 'APP_SECRETS holds no secret.');

  return {
    generateStateParam: (options, now) =>
      new SignJWT({ ...stateSchema.parse(options) })
        .setProtectedHeader({ alg: 'HS256' })
        .setAudience(audience)
        .setJti(crypto.randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(Math.floor(now.getTime() / 1000) + stateLifetime)
        .sign(newest),

    /** @throws AppError `state_expired` or `state_forged` */
    async verifyStateParam(now, state): Promise<InstallURLOptions> {
      for (const key of keys) {
        try {
          const { payload } = await jwtVerify(state, key, {
            algorithms: ['HS256'],
            audience,
            currentDate: now,
          });
          const { metadata, ...options } = stateSchema.parse(payload);
          return { ...options, ...(metadata !== undefined && { metadata }) };
        } catch (cause) {
          if (cause instanceof errors.JWSSignatureVerificationFailed) continue;
          if (cause instanceof errors.JWTExpired)
            throw new AppError('state_expired', 'The state is older than ten minutes.', { cause });
          throw new AppError('state_forged', 'The state is not one of ours.', { cause });
        }
      }
      throw new AppError('state_forged', 'The state is not one of ours.');
    },
  };
}
