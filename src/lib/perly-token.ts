import { createHash } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Clock } from './clock.ts';
import { AppError } from './errors.ts';
import { isIdentifier } from './identifier.ts';

/** `accountId` is the `sub`, `issuedAt` the `iat` or else the earliest possible time. */
export type PerlyToken = { accountId: string; id: string; issuedAt: Date; claims: JWTPayload };

export class PerlyTokenError extends AppError<'token_invalid'> {}

/** @throws PerlyTokenError */
export type TokenCheck = (token: string) => Promise<PerlyToken>;

/** A token is accepted for one purpose only. */
export const tokenAudiences = {
  api: 'perly-slack',
  /** Used in a URL, and only once. */
  connect: 'perly-slack-connect',
  admin: 'perly-slack-admin',
} as const;

export type TokenPurpose = keyof typeof tokenAudiences;

/** The expiry, `exp`, is at most this far ahead. Seconds. */
const maxLifetime = 10 * 60;

/** Percent-encoded length. Links and OAuth's return contain it encoded twice; servers refuse URLs of 16 KB. */
export const maxReturnUrlLength = 2000;

/** The greatest difference between the clocks of Perly and of this machine. Seconds. */
const clockTolerance = 30;

/** Tokens are signed with HS256; see docs/integration.md, "Tokens". */
export function createTokenCheck(
  secrets: readonly string[],
  purpose: TokenPurpose,
  clock: Pick<Clock, 'now'>,
): TokenCheck {
  const keys = secrets.map(toTokenKey);

  return async (token) => {
    const currentDate = clock.now();
    for (const key of keys) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          audience: tokenAudiences[purpose],
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
 * A token of the settings API must not be able to renew itself.
 * @param requester the token that asked: both have the same age, so that deleting the account revokes both
 */
export async function signConnectToken(
  secret: string,
  requester: Pick<PerlyToken, 'accountId' | 'issuedAt'>,
  claims: { name?: string | undefined; return_url?: string | undefined },
  now: Date,
): Promise<{ token: string; expiresAt: Date }> {
  const expiresAt = new Date(now.getTime() + maxLifetime * 1000);
  const token = await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(tokenAudiences.connect)
    .setSubject(requester.accountId)
    .setJti(crypto.randomUUID())
    .setIssuedAt(requester.issuedAt)
    .setExpirationTime(expiresAt)
    .sign(toTokenKey(secret));
  return { token, expiresAt };
}

export function toTokenKey(secret: string): Buffer {
  return Buffer.from(secret, 'utf8');
}

function toToken(token: string, claims: JWTPayload, now: Date): PerlyToken {
  const { sub, exp = 0, iat, aud } = claims;
  // The library also accepts a list of audiences that includes ours, but a token has one purpose only.
  if ([aud].flat().length !== 1) throw invalid();
  if (typeof sub !== 'string' || !isIdentifier(sub)) throw invalid();
  const nowSeconds = now.getTime() / 1000;
  if (exp > nowSeconds + maxLifetime + clockTolerance) throw invalid();
  // A later time would make the token count as signed after the deletion of the account.
  if (iat !== undefined && !(iat >= 0 && iat <= nowSeconds + clockTolerance)) throw invalid();
  // It is a hash of the signed part, not of the signature, which can be encoded in several ways.
  const id = createHash('sha256')
    .update(token.slice(0, token.lastIndexOf('.')))
    .digest('base64url');
  const issuedAt = new Date((iat ?? exp - maxLifetime) * 1000);
  return { accountId: sub, id, issuedAt, claims };
}

function invalid(cause?: Error): PerlyTokenError {
  return new PerlyTokenError('token_invalid', 'The token is missing, expired, or not one for this purpose.', {
    cause,
  });
}
