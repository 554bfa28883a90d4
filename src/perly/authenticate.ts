import type { Request } from 'express';
import { AppError } from '../errors.ts';
import type { AccountLimit } from './account-limit.ts';
import { unauthorized } from './problem.ts';
import type { PerlyToken, TokenCheck } from './token.ts';

/** Reads `Authorization: Bearer <JWT>`. @throws Problem 401, or 429 for an account that asks too often */
export type Authenticate = (req: Request) => Promise<PerlyToken>;

const bearerRealm = 'Bearer realm="perly-slack"';

/**
 * Lets in who has a token of Perly's.
 *
 * @param onVerified called with each request whose token is right
 */
export function createAuthenticate(
  checkToken: TokenCheck,
  limit: AccountLimit,
  onVerified: (req: Request) => void,
): Authenticate {
  async function check(req: Request): Promise<PerlyToken> {
    const token = /^Bearer ([\w.-]+)$/i.exec(req.get('authorization') ?? '')?.[1];
    try {
      return await checkToken(token ?? '');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // RFC 6750, section 3.1: no error code where the request has no token.
      const challenge = token === undefined ? bearerRealm : `${bearerRealm}, error="invalid_token"`;
      throw unauthorized(error.code, 'The token is not valid', error.message, challenge);
    }
  }

  return async (req) => {
    const token = await check(req);
    onVerified(req);
    limit(new Map([[token.accountId, 1]]));
    return token;
  };
}
