import { createHash } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Clock } from './clock.ts';
import { AppError } from './errors.ts';
import { isIdentifier } from './identifier.ts';

/**
 * A token of Perly's, checked: `accountId` is its `sub`, and `id` tells it from every other token, for what works
 * once. It was signed at `issuedAt` or, where it does not say when, at that time at the earliest.
 */
export type PerlyToken = { accountId: string; id: string; issuedAt: Date; claims: JWTPayload };

/** A token of Perly's that was not accepted. */
export class PerlyTokenError extends AppError<'token_invalid'> {}

/** @throws PerlyTokenError */
export type TokenCheck = (token: string) => Promise<PerlyToken>;

/** The audience of each purpose: a token of one purpose is accepted for no other. */
export const tokenAudiences = {
  /** The settings API, as a Bearer token. */
  api: 'perly-slack',
  /** Connecting a channel and linking a workspace, in a URL, once. */
  connect: 'perly-slack-connect',
  /** Deleting an account. */
  admin: 'perly-slack-admin',
} as const;

export type TokenPurpose = keyof typeof tokenAudiences;

/** Perly's tokens are short-lived: `exp` is at most this far ahead. Seconds. */
const maxLifetime = 10 * 60;

/**
 * How long a `return_url` may be, percent-encoded. The address of a link holds it twice encoded, and so does that of
 * OAuth's way back: no server takes 16 KB.
 */
export const maxReturnUrlLength = 2000;

/** How far the clocks of Perly and of this machine may be apart. Seconds. */
const clockTolerance = 30;

/**
 * Checks the JWTs of one purpose that Perly signs (HS256; docs/integration.md, "Tokens").
 *
 * @param secrets PERLY_TOKEN_SECRETS, any of which may have signed
 */
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
 * Makes a token that connects one channel to an account. It is the only purpose that the app signs tokens for: a token
 * of the settings API must not be able to renew itself.
 *
 * @param secret the newest of PERLY_TOKEN_SECRETS
 * @param requester the token that asked for it. The new one is as old, so that the deletion of the account ends both
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

/** The key of a secret of PERLY_TOKEN_SECRETS: its UTF-8 bytes. */
export function toTokenKey(secret: string): Buffer {
  return Buffer.from(secret, 'utf8');
}

function toToken(token: string, claims: JWTPayload, now: Date): PerlyToken {
  const { sub, exp = 0, iat, aud } = claims;
  // The library also takes a list of audiences that has ours in it: such a token would have several purposes.
  if ([aud].flat().length !== 1) throw invalid();
  // A token may say anything, whatever the library calls it.
  if (typeof sub !== 'string' || !isIdentifier(sub)) throw invalid();
  const nowSeconds = now.getTime() / 1000;
  if (exp > nowSeconds + maxLifetime + clockTolerance) throw invalid();
  // A later time would pass for one after the deletion of the account.
  if (iat !== undefined && !(iat >= 0 && iat <= nowSeconds + clockTolerance)) throw invalid();
  // What is signed, and not the signature: the same signature can be written in several ways.
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
