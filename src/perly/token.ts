import { createHash } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { hasInvisible } from './identifier.ts';

/**
 * What a token of Perly's says, beside its claims: `accountId` is its `sub`, and `id` tells it from every other token,
 * for what works once.
 */
export type PerlyToken = { accountId: string; id: string; claims: JWTPayload };

/** @throws AppError `token_invalid` */
export type TokenCheck = (token: string) => Promise<PerlyToken>;

const audience = 'perly-slack';

/** Perly's tokens are short-lived: `exp` is at most this far ahead. Seconds. */
const longestLifetime = 10 * 60;

/** How far the clocks of Perly and of this machine may be apart. Seconds. */
const clockTolerance = 30;

/**
 * Checks the JWTs that Perly signs (HS256; README.md, "Connect Slack").
 *
 * @param secrets `whsec_…`, any of which may have signed: the key is what stands after `whsec_`, base64-decoded
 */
export function createTokenCheck(secrets: readonly string[], clock: Pick<Clock, 'now'>): TokenCheck {
  const keys = secrets.map(toTokenKey);

  return async (token) => {
    const currentDate = clock.now();
    for (const key of keys) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          audience,
          requiredClaims: ['sub', 'exp'],
          clockTolerance,
          currentDate,
        });
        return toToken(token, payload, currentDate);
      } catch (error) {
        if (error instanceof errors.JWSSignatureVerificationFailed) continue;
        if (error instanceof errors.JOSEError) throw invalid(error);
        throw error;
      }
    }
    throw invalid();
  };
}

/**
 * Makes a token like Perly's own, for an address that Perly asked for.
 *
 * @param secret the newest of PERLY_SECRETS
 */
export async function signToken(
  secret: string,
  accountId: string,
  claims: JWTPayload,
  now: Date,
): Promise<{ token: string; expiresAt: Date }> {
  const expiresAt = new Date(now.getTime() + longestLifetime * 1000);
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setSubject(accountId)
    .setJti(crypto.randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(expiresAt)
    .sign(toTokenKey(secret));
  return { token, expiresAt };
}

/** The key of a secret of Perly's: what stands after `whsec_`, base64-decoded. */
export function toTokenKey(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}

function toToken(token: string, claims: JWTPayload, now: Date): PerlyToken {
  const { sub, exp = 0 } = claims;
  // A token may say anything, whatever the library calls it.
  if (typeof sub !== 'string' || sub === '' || [...sub].length > 128 || hasInvisible(sub)) throw invalid();
  if (exp > now.getTime() / 1000 + longestLifetime + clockTolerance) throw invalid();
  // What is signed, and not the signature: the same signature can be written in several ways.
  const id = createHash('sha256')
    .update(token.slice(0, token.lastIndexOf('.')))
    .digest('base64url');
  return { accountId: sub, id, claims };
}

function invalid(cause?: Error): AppError {
  return new AppError('token_invalid', 'The token is missing, expired, or not signed by Perly.', { cause });
}
