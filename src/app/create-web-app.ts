import type { RequestListener } from 'node:http';
import express from 'express';
import helmet from 'helmet';
import { installPath } from '../slack/install/install-route.ts';
import { linkedPath, linkPath } from '../slack/install/link-route.ts';
import { refuseUnopened } from '../slack/install/page-requests.ts';
import { pagesErrorHandler, unknownPage } from '../slack/install/to-problem.ts';
import { siteRoute } from '../slack/site/site-route.ts';
import { redirectPath } from '../slack/slack-app.ts';
import { createAddressLimits } from './limit-addresses.ts';
import { mountEvents } from './mount-events.ts';
import { mountPerly } from './mount-perly.ts';
import { mountSlack } from './mount-slack.ts';
import { registerListeners } from './register-listeners.ts';
import { createWebContext, type WebParts } from './web-context.ts';

/** The pages set a content security policy of their own. */
const setSecurityHeaders = helmet({ contentSecurityPolicy: false });

/** Signatures are checked and made by the wall clock, whatever clock alerts are sent by. */
export function createWebApp(parts: WebParts) {
  const context = createWebContext(parts);
  const { config, operations, navigation, logger } = context;
  const limits = createAddressLimits(context);
  const begin: RequestListener = (req, res) => {
    setSecurityHeaders(req, res, () => {});
    operations.beginRequest(req, res);
  };
  const web = express()
    .disable('x-powered-by')
    // An ETag is a version that clients can send back: only versioned answers have one.
    .disable('etag')
    .use(
      (req, res, next) => {
        begin(req, res);
        next();
      },
      operations.health,
      limits.router,
      refuseUnopened([installPath, redirectPath, linkPath, linkedPath], navigation),
    );
  // Events come first, since they are most of the traffic.
  const listener = mountEvents(web, context, (req, res) => {
    begin(req, res);
    return limits.ofPerly(req, res);
  });
  const slackApp = mountSlack(web, context);
  const home = registerListeners(slackApp, context);
  mountPerly(web, context);
  web.use(
    siteRoute({
      publisher: config.publisher,
      site: context.site,
      perlyUrl: context.perlyAppUrl,
      installUrl: navigation.installUrl,
    }),
  );
  web.use(unknownPage(navigation), pagesErrorHandler(logger, context.findNavigation));

  return {
    listener,
    homeChanged: home.changed,
    async stop(): Promise<void> {
      await slackApp.settled();
      await home.stop();
    },
  };
}
