import type { Request } from 'express';
import { AppError } from '../errors.ts';
import { Problem } from './problem.ts';
import type { PerlyToken, TokenCheck } from './token.ts';

/** Reads `Authorization: Bearer <JWT>`. @throws Problem 401 */
export type Authenticate = (req: Request) => Promise<PerlyToken>;

/** Lets in who has a token of Perly's. */
export function createAuthenticate(checkToken: TokenCheck): Authenticate {
  return async (req) => {
    const token = /^Bearer ([\w.-]+)$/i.exec(req.get('authorization') ?? '')?.[1];
    try {
      return await checkToken(token ?? '');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw new Problem(401, error.code, 'The token is not valid', error.message);
    }
  };
}
