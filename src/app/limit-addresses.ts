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

/** The requests that showed who they are from, by a signature or a token. */
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
 * Pages a minute. Connecting a channel takes two, and a whole office may have one address; each of them costs a
 * write, or a question to Slack.
 */
const maxPageRequests = 300;

/**
 * Refused requests a minute. What shows to be from Perly or Slack is never counted, so that no load of theirs is too much;
 * and twenty a second of what does not costs a few milliseconds each.
 */
const maxRefusedRequests = 1200;

/** The answers to who does not show to be Perly or Slack; 503 where a body was evicted before it could show that. */
const refusals = new Set([400, 401, 408, 413, 415, 503]);

const tooMany = 'Too many requests of this address were refused. Wait a minute, then send it again.';

/**
 * Limits what an address may do, before anything of a request is read. The address is the socket's, or what as many
 * proxies say of it as TRUST_PROXY counts.
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
