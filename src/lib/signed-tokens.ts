import { errors, jwtVerify, SignJWT } from 'jose';
import type { z } from 'zod';
import { AppError } from './errors.ts';

export type SignedTokens<Content> = {
  sign(content: Content, now: Date): Promise<string>;
  /** @throws TokenError `token_expired` or `token_forged` */
  verify(token: string, now: Date): Promise<{ content: Content; jti: string }>;
};

export class TokenError extends AppError<'token_expired' | 'token_forged'> {}

/**
 * Tokens are JWTs (HS256). The newest key signs, all verify. A token of another `audience` counts as forged, even
 * with the same key.
 */
export function createSignedTokens<Content extends Record<string, unknown>>(parts: {
  keys: readonly Uint8Array[];
  audience: string;
  lifetime: number;
  content: z.ZodType<Content>;
}): SignedTokens<Content> {
  const { audience, lifetime, content } = parts;
  const [newest] = parts.keys;
  if (newest === undefined) throw new AppError('config_invalid', 'There is no key to sign with.');

  return {
    sign: (given, now) =>
      new SignJWT({ ...content.parse(given) })
        .setProtectedHeader({ alg: 'HS256' })
        .setAudience(audience)
        .setJti(crypto.randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(Math.floor(now.getTime() / 1000) + lifetime)
        .sign(newest),

    async verify(token, now) {
      for (const key of parts.keys) {
        try {
          const { payload } = await jwtVerify(token, key, {
            algorithms: ['HS256'],
            audience,
            requiredClaims: ['jti', 'exp'],
            currentDate: now,
          });
          return { content: content.parse(payload), jti: String(payload.jti) };
        } catch (cause) {
          if (cause instanceof errors.JWSSignatureVerificationFailed) continue;
          if (cause instanceof errors.JWTExpired)
            throw new TokenError('token_expired', 'The token has expired.', { cause });
          throw new TokenError('token_forged', 'The token is not one of ours.', { cause });
        }
      }
      throw new TokenError('token_forged', 'The token is not one of ours.');
    },
  };
}
