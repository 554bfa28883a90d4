import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { PerlyToken } from '../../lib/perly-token.ts';
import type { Authenticate } from '../authenticate.ts';
import { jsonBody } from '../json-body.ts';
import { Problem, sendJson } from '../problem.ts';

import type { Operation, OperationPurpose } from './operation.ts';

/**
 * Matches one entity tag, with what a compressing proxy may add to the version: `W/"2"`, `"2-gzip"`, `"2;br"`.
 * Clients may leave out its quotes.
 */
const entityTag = /^(?:W\/)?("?)(\d{1,15})(?:(?:--?|;)(?:gzip|br|zstd|deflate))?\1$/i;

/**
 * As RFC 9110, 13.1.1, but weak tags match too: our tags are versions, and a proxy that compresses weakens them.
 * @returns whether a version satisfies it
 */
function parseIfMatch(header: string): (version: number) => boolean {
  if (header.trim() === '*') return () => true;
  const versions = header.split(',').map((tag) => entityTag.exec(tag.trim())?.[2]);
  return (version) => versions.includes(String(version));
}

const bodyLimit = 16 * 1024;

/** The token is checked before anything else of a request is read. */
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
      // Not by Express, which answers 304 if the client knows the version.
      if (answer.body === undefined) res.status(answer.status).end();
      else sendJson(res, answer.status, answer.body);
    });
  }
  return router;
}

/** @throws Problem 428 if the header is missing */
function requireIfMatch(req: Request): (version: number) => boolean {
  const given = req.get('if-match');
  if (given !== undefined) return parseIfMatch(given);
  throw new Problem({
    status: 428,
    code: 'version_missing',
    title: 'If-Match is missing',
    detail: 'Send the ETag of the rules that you read as If-Match, so that no change is overwritten unseen.',
  });
}
