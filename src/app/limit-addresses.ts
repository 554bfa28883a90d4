import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type RequestHandler, type Router } from 'express';
import { systemClock } from '../lib/clock.ts';
import { type AddressKey, type AddressLimit, createAddressLimit } from '../ops/address-limit.ts';
import { Problem, sendProblem } from '../perly/problem.ts';
import { installPath } from '../slack/install/install-route.ts';
import { linkedPath, linkPath } from '../slack/install/link-route.ts';
import { type NavigationLinks, renderProblem } from '../slack/pages/render-problem.ts';
import { sendPage } from '../slack/pages/send-page.ts';
import { slackEventsPath } from '../slack/request-guard/slack-request-guard.ts';
import { redirectPath } from '../slack/slack-app.ts';

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

/** The limit per minute. Connecting a channel takes two pages, and a whole office may share one address. */
const maxPageRequests = 300;

/** The limit per minute. Authenticated requests of Perly or Slack never count, whatever their load. */
const maxRefusedRequests = 1200;

/** Status 503 means here that a body was evicted before it could be authenticated. */
const refusals = new Set([400, 401, 408, 413, 415, 503]);

const tooMany = 'Too many requests from this address were refused. Wait a minute, then try again.';

/** Checked before anything of a request is read. TRUST_PROXY says which address counts behind proxies. */
export function createAddressLimits(parts: {
  authenticated: AuthenticatedRequests;
  addressOf: AddressKey;
  navigation: NavigationLinks;
}): { ofPerly: AddressLimit; router: Router } {
  const { authenticated, addressOf, navigation } = parts;
  const shared = { addressOf, now: () => systemClock.now().getTime() };
  const ofRefusals = {
    ...shared,
    limit: maxRefusedRequests,
    counts: (req: IncomingMessage, res: ServerResponse) =>
      refusals.has(res.statusCode) && !authenticated.has(req),
  };
  const ofPages = createAddressLimit({
    ...shared,
    name: 'pages',
    limit: maxPageRequests,
    refuse: (res) => sendPage(res, renderProblem({ kind: 'too_many_requests' }, navigation)),
  });
  const ofPerly = createAddressLimit({
    ...ofRefusals,
    name: 'refused-by-perly-routes',
    refuse: (res) =>
      sendProblem(
        res,
        new Problem({ status: 429, code: 'address_limit', title: 'Too many requests', detail: tooMany }),
      ),
  });
  const ofSlack = createAddressLimit({
    ...ofRefusals,
    name: 'refused-by-slack-routes',
    refuse: (res) =>
      res
        .setHeader('Cache-Control', 'no-store')
        .setHeader('Content-Type', 'text/plain; charset=utf-8')
        .end(tooMany),
  });
  const router = express
    .Router()
    .use([installPath, linkPath, redirectPath, linkedPath], toMiddleware(ofPages))
    .use('/perly', toMiddleware(ofPerly))
    .use(slackEventsPath, toMiddleware(ofSlack));
  return { ofPerly, router };
}

function toMiddleware(limit: AddressLimit): RequestHandler {
  return (req, res, next) => {
    if (limit(req, res)) next();
  };
}
