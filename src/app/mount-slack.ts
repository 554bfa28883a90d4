import express, { type Express } from 'express';
import { systemClock } from '../lib/clock.ts';
import { boltLogger } from '../ops/log.ts';
import { createBrowserStates } from '../slack/install/browser-states.ts';
import { createCallback } from '../slack/install/callback.ts';
import { installRoute } from '../slack/install/install-route.ts';
import { linkPath } from '../slack/install/link-route.ts';
import { createStateStore } from '../slack/install/state-store.ts';
import { isUserError, unknownPage } from '../slack/install/to-problem.ts';
import { createReplayCheck } from '../slack/request-guard/replays.ts';
import { slackRequestGuard } from '../slack/request-guard/slack-request-guard.ts';
import { createSlackSignatureCheck } from '../slack/request-guard/slack-signature.ts';
import { createSlackApp, type SlackApp } from '../slack/slack-app.ts';
import { tenancyOf } from '../store/tenancy.ts';
import type { WebContext } from './web-context.ts';

export function mountSlack(web: Express, context: WebContext): SlackApp {
  const { config, stores, delivery, timeouts, logger } = context;
  const { removals } = delivery;
  // Bolt mounts its routes when it is created. One of them has the path of an install, and knows no account.
  const beforeBolt = express.Router();
  web.use(beforeBolt);
  const slackApp = createSlackApp({
    config,
    timeouts,
    web,
    logger: boltLogger(logger, isUserError),
    fetch: context.fetch,
    installationStore: removals.installationStore,
    stateStore: createStateStore(config.appSecrets, stores.usedTokens),
    callbackOptions: createCallbackOptions(context),
  });
  beforeBolt.use(
    slackRequestGuard({
      checkSignature: createSlackSignatureCheck(config.slack.signingSecret, systemClock),
      signingSecret: config.slack.signingSecret,
      isFirst: createReplayCheck(stores.usedTokens),
      readBody: context.readBody,
      onVerified: context.onVerified,
      onRemovalEvent: removals.onRemovalEvent,
      responseOrigins: config.slack.webhookOrigins,
      logger,
    }),
    installRoute({
      installer: slackApp.installer,
      checkToken: context.checkConnectToken,
      links: context.slackLinks,
      browserStates: createBrowserStates(context),
      perlyAppUrl: context.perlyAppUrl,
      perlySettings: context.perlySettings,
      site: context.site,
      redirectUri: slackApp.redirectUri,
      unknown: unknownPage(context.navigation),
    }),
  );
  return slackApp;
}

function createCallbackOptions(context: WebContext) {
  const { config, stores, delivery, clock } = context;
  return createCallback({
    ...context,
    ...delivery,
    webhookOrigins: config.slack.webhookOrigins,
    links: context.slackLinks,
    toLinkUrl: (teamId) => `${config.appUrl}${linkPath}?${new URLSearchParams({ team: teamId })}`,
    // Slack's events about tokens have wall-clock time.
    renewToken: (teamId, bot) => stores.installations.renewToken(teamId, bot, systemClock.now()),
    listAccounts: stores.links.listByTeam,
    async countMissed(channel) {
      const tenancy = tenancyOf(channel);
      return tenancy === undefined ? 0 : stores.deliveries.countHeldDue(tenancy, clock.now());
    },
  });
}
