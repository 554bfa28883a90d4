import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { routeTemplateOf } from '../../lib/route-template.ts';
import { renderNotFound } from '../pages/render-not-found.ts';
import { type NavigationLinks, renderProblem } from '../pages/render-problem.ts';
import { sendPage } from '../pages/send-page.ts';
import { toPageProblem } from './to-problem.ts';

export function unknownPage(navigation: NavigationLinks): RequestHandler {
  return (_req, res) => sendPage(res, renderNotFound(navigation));
}

export function pagesErrorHandler(
  logger: Logger,
  findNavigation: () => Promise<NavigationLinks>,
): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const page = renderProblem(toPageProblem(error), await findNavigation());
    if (page.status >= 500)
      logger.error(
        { err: error, requestId: res.get('x-request-id'), method: req.method, route: routeTemplateOf(req) },
        'a page failed',
      );
    sendPage(res, page);
  };
}
