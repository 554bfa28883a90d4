import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Authenticate } from '../authenticate.ts';
import { jsonBody } from '../json-body.ts';
import { Problem } from '../problem.ts';
import type { PerlyToken } from '../token.ts';
import { parseIfMatch } from './if-match.ts';
import type { Operation, OperationPurpose } from './operation.ts';

/** No body of the settings API is longer. Bytes. */
const bodyLimit = 16 * 1024;

/**
 * The routes of the settings API; each is authenticated by a token of Perly's before anything else of the request is
 * read, its body included.
 */
export function createApiRouter(
  authenticate: Record<OperationPurpose, Authenticate>,
  operations: readonly Operation[],
): Router {
  const router = express.Router();

  function authenticated(purpose: OperationPurpose): RequestHandler {
    return async (req, res, next) => {
      res.locals.token = await authenticate[purpose](req);
      next();
    };
  }

  for (const operation of operations) {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const parse = operation.body === undefined ? [] : jsonBody(bodyLimit);
    const handlers = [authenticated(operation.purpose ?? 'api'), ...parse];
    router[operation.method](path, ...handlers, async (req: Request, res: Response) => {
      const { accountId, issuedAt }: PerlyToken = res.locals.token;
      const answer = await operation.handle({
        accountId,
        issuedAt,
        param: (name) => String(req.params[name]),
        query: req.query,
        body: req.body,
        isExpected: operation.needsVersion ? requireIfMatch(req) : () => true,
      });
      res.set('Cache-Control', 'no-store');
      if (answer.version !== undefined) res.set('ETag', `"${answer.version}"`);
      res.status(answer.status);
      if (answer.body === undefined) res.end();
      else res.json(answer.body);
    });
  }
  return router;
}

/** @throws Problem 428 when the header is missing */
function requireIfMatch(req: Request): (version: number) => boolean {
  const given = req.get('if-match');
  if (given !== undefined) return parseIfMatch(given);
  throw new Problem(
    428,
    'version_missing',
    'If-Match is missing',
    'Send the ETag of the rules that you read as If-Match, so that nobody’s change is overwritten unseen.',
  );
}
