import type { Request } from 'express';
import { AppError } from '../lib/errors.ts';
import type { PerlyToken, TokenCheck } from '../lib/perly-token.ts';
import type { AccountLimit } from './account-limit.ts';
import { unauthorized } from './problem.ts';

/** Reads `Authorization: Bearer <JWT>`. @throws Problem 401, or 429 for an account that asks too often */
export type Authenticate = (req: Request) => Promise<PerlyToken>;

const bearerRealm = 'Bearer realm="perly-slack"';

// RFC 6750, section 3.1.
const invalidToken = `${bearerRealm}, error="invalid_token"`;

/**
 * Lets in who has a token of Perly's.
 *
 * @param onVerified called with each request whose token is right
 * @param isRevoked whether a token that is right counts no more
 */
export function createAuthenticate(
  checkToken: TokenCheck,
  limit: AccountLimit,
  onVerified: (req: Request) => void,
  isRevoked: (token: PerlyToken) => Promise<boolean>,
): Authenticate {
  const refuse = (code: string, detail: string, challenge: string) =>
    unauthorized(code, 'The token is not valid', detail, challenge);

  async function check(req: Request): Promise<PerlyToken> {
    const token = /^Bearer ([\w.-]+)$/i.exec(req.get('authorization') ?? '')?.[1];
    try {
      return await checkToken(token ?? '');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // No error code where the request has no token.
      throw refuse(error.code, error.message, token === undefined ? bearerRealm : invalidToken);
    }
  }

  return async (req) => {
    const token = await check(req);
    onVerified(req);
    limit(new Map([[token.accountId, 1]]));
    if (await isRevoked(token))
      throw refuse('account_deleted', 'The account was deleted after the token was signed.', invalidToken);
    return token;
  };
}
