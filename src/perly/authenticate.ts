import type { Request } from 'express';
import { type PerlyToken, PerlyTokenError, type TokenCheck } from '../lib/perly-token.ts';
import type { AccountLimit } from './account-limit.ts';
import { unauthorized } from './problem.ts';

/** @throws Problem 401, or 429 for an account with too many requests */
export type Authenticate = (req: Request) => Promise<PerlyToken>;

const bearerRealm = 'Bearer realm="perly-slack"';

// The error code is that of RFC 6750, section 3.1.
const invalidToken = `${bearerRealm}, error="invalid_token"`;

/** @param onVerified called with each request whose token is valid */
export function createAuthenticate(
  checkToken: TokenCheck,
  limit: AccountLimit,
  onVerified: (req: Request) => void,
  isRevoked: (token: PerlyToken) => Promise<boolean>,
): Authenticate {
  const title = 'The token is not valid';

  async function check(req: Request): Promise<PerlyToken> {
    const token = /^Bearer ([\w.-]+)$/i.exec(req.get('authorization') ?? '')?.[1];
    try {
      return await checkToken(token ?? '');
    } catch (error) {
      if (!(error instanceof PerlyTokenError)) throw error;
      // Without a token, no error code is sent (RFC 6750, section 3.1).
      const challenge = token === undefined ? bearerRealm : invalidToken;
      throw unauthorized({ code: error.code, title, detail: error.message, challenge });
    }
  }

  return async (req) => {
    const token = await check(req);
    onVerified(req);
    limit(new Map([[token.accountId, 1]]));
    if (await isRevoked(token))
      throw unauthorized({
        code: 'account_deleted',
        title,
        detail: 'The account was deleted after the token was signed.',
        challenge: invalidToken,
      });
    return token;
  };
}
