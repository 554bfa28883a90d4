import express, { type Request, type Router } from 'express';
import { type NavigationLinks, renderProblem } from '../pages/render-problem.ts';
import { sendPage } from '../pages/send-page.ts';

/** @see https://wicg.github.io/nav-speculation/prefetch.html#sec-purpose-header */
const purposeHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

/**
 * Refuses prefetches: loading these pages connects a channel or uses up a token. Browsers discard a prefetched
 * error, and load the page when it is opened.
 */
export function refuseUnopened(paths: readonly string[], navigation: NavigationLinks): Router {
  return express.Router().all([...paths], (req, res, next) => {
    if (req.method !== 'GET') {
      res.set('Allow', 'GET');
      sendPage(res, renderProblem({ kind: 'wrong_method' }, navigation));
    } else if (isPrefetch(req)) sendPage(res, renderProblem({ kind: 'not_opened' }, navigation));
    else next();
  });
}

function isPrefetch(req: Request): boolean {
  return purposeHeaders.some((name) => /\b(?:prefetch|prerender|preview)\b/i.test(req.get(name) ?? ''));
}
