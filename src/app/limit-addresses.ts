import express, { type Request, type Response, type Router } from 'express';
import { systemClock } from '../lib/clock.ts';
import { addressLimit } from '../ops/address-limit.ts';
import { Problem, sendProblem } from '../perly/problem.ts';
import { installPath } from '../slack/install/install-route.ts';
import { linkedPath, linkPath } from '../slack/install/link-route.ts';
import { type NavigationLinks, renderProblem } from '../slack/pages/render-problem.ts';
import { sendPage } from '../slack/pages/send-page.ts';
import { slackEventsPath } from '../slack/request-guard/slack-request-guard.ts';
import { redirectPath } from '../slack/slack-app.ts';

/** Requests that proved their sender by a signature or a token. */
type AuthenticatedRequests = {
  add(req: object): void;
  has(req: object): boolean;
};

export function createAuthenticatedRequests(): AuthenticatedRequests {
  const requests = new WeakSet<object>();
  return {
    add: (req) => void requests.add(req),
    has: (req) => requests.has(req),
  };
}

/**
 * Pages per minute. Connecting a channel takes two, and a whole office may share one address; each costs a write, or
 * a call to Slack.
 */
const maxPageRequests = 300;

/**
 * Refused requests per minute. Authenticated requests of Perly or Slack never count, so that no load of theirs is too
 * much; twenty others per second cost a few milliseconds each.
 */
const maxRefusedRequests = 1200;

/** Statuses of requests that were not authenticated; 503 if a body was evicted before it could be. */
const refusals = new Set([400, 401, 408, 413, 415, 503]);

const tooMany = 'Too many requests from this address were refused. Wait a minute, then try again.';

/**
 * Limits requests per address before anything of a request is read. The address is the socket's, or the one reported
 * by as many proxies as TRUST_PROXY says.
 */
export function limitAddresses({
  authenticated,
  navigation,
}: {
  authenticated: AuthenticatedRequests;
  navigation: NavigationLinks;
}): Router {
  const now = () => systemClock.now().getTime();
  const ofRefusals = {
    limit: maxRefusedRequests,
    counts: (req: Request, res: Response) => refusals.has(res.statusCode) && !authenticated.has(req),
    now,
  };
  return express
    .Router()
    .use(
      [installPath, linkPath, redirectPath, linkedPath],
      addressLimit({
        name: 'pages',
        limit: maxPageRequests,
        now,
        refuse: (res) => sendPage(res, renderProblem({ kind: 'too_many_requests' }, navigation)),
      }),
    )
    .use(
      '/perly',
      addressLimit({
        ...ofRefusals,
        name: 'refused-by-perly-routes',
        refuse: (res) =>
          sendProblem(
            res,
            new Problem({ status: 429, code: 'address_limit', title: 'Too many requests', detail: tooMany }),
          ),
      }),
    )
    .use(
      slackEventsPath,
      addressLimit({
        ...ofRefusals,
        name: 'refused-by-slack-routes',
        refuse: (res) => res.set('Cache-Control', 'no-store').type('text/plain').send(tooMany),
      }),
    );
}
