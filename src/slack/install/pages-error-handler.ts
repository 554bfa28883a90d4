import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { routeOf } from '../../route-of.ts';
import { renderNotFound } from '../pages/render-not-found.ts';
import { renderProblem, type Ways } from '../pages/render-problem.ts';
import { sendPage } from '../pages/send-page.ts';
import { toProblem } from './problem-of.ts';

/** The page for an address that leads nowhere. */
export function unknownPage(ways: Ways): RequestHandler {
  return (_req, res) => sendPage(res, renderNotFound(ways));
}

/** A page for whatever went wrong on the way to one; what nobody expected is logged. */
export function pagesErrorHandler(logger: Logger, findWays: () => Promise<Ways>): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const page = renderProblem(toProblem(error), await findWays());
    if (page.status >= 500)
      logger.error(
        { err: error, requestId: res.get('x-request-id'), method: req.method, route: routeOf(req) },
        'a page failed',
      );
    sendPage(res, page);
  };
}
