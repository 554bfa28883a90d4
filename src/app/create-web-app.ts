import express, { type Express } from 'express';
import type { Logger } from 'pino';
import { listActivity } from '../channels/activity.ts';
import { createAlertActions } from '../channels/alert-actions.ts';
import { createPeople } from '../channels/people.ts';
import { previewRules } from '../channels/preview.ts';
import { createSharingWatch } from '../channels/sharing.ts';
import type { Config } from '../config.ts';
import { createBodyBudget } from '../lib/body-budget.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createTokenCheck, signConnectToken, toTokenKey } from '../lib/perly-token.ts';
import { createBodyReader } from '../lib/read-body.ts';
import { addressOf } from '../ops/address-limit.ts';
import { boltLogger } from '../ops/log.ts';
import type { Operations } from '../ops/operations.ts';
import { createAccountLimit } from '../perly/account-limit.ts';
import { describeApi } from '../perly/api/openapi.ts';
import type { OperationPurpose } from '../perly/api/operation.ts';
import { apiOperations } from '../perly/api/operations.ts';
import { createApiRouter } from '../perly/api/router.ts';
import { createAuthenticate } from '../perly/authenticate.ts';
import { docsRoute } from '../perly/docs/docs-route.ts';
import { perlyErrorHandler, unknownPerlyRoute } from '../perly/error-handler.ts';
import { createBodyParser } from '../perly/events-body.ts';
import { eventsRoute } from '../perly/events-route.ts';
import { createSignedBodyReader } from '../perly/read-signed-body.ts';
import { createSignatureCheck } from '../perly/signature-check.ts';
import { createFindNavigation } from '../slack/find-home-url.ts';
import type { ClientOf } from '../slack/home/services.ts';
import { createBrowserPerson } from '../slack/install/browser-person.ts';
import { createBrowserStates } from '../slack/install/browser-states.ts';
import { createCallback } from '../slack/install/callback.ts';
import { installPath, installRoute } from '../slack/install/install-route.ts';
import { linkedPath, linkPath, linkRoute } from '../slack/install/link-route.ts';
import { refuseUnopened } from '../slack/install/page-requests.ts';
import { pagesErrorHandler, unknownPage } from '../slack/install/pages-error-handler.ts';
import { createSlackLinks } from '../slack/install/slack-links.ts';
import { createStateStore } from '../slack/install/state-store.ts';
import { isUserError } from '../slack/install/to-problem.ts';
import { registerAlerts } from '../slack/listeners/register-alerts.ts';
import { registerHome } from '../slack/listeners/register-home.ts';
import { toSiteLinks } from '../slack/pages/site-links.ts';
import { createReplayCheck } from '../slack/request-guard/replays.ts';
import { slackRequestGuard } from '../slack/request-guard/slack-request-guard.ts';
import { createSlackSignatureCheck } from '../slack/request-guard/slack-signature.ts';
import { siteRoute } from '../slack/site/site-route.ts';
import { createSlackApp, redirectPath } from '../slack/slack-app.ts';
import type { SlackTimeouts } from '../slack/timeouts.ts';
import { createKeyring } from '../store/keyring.ts';
import { tenancyOf } from '../store/tenancy.ts';
import type { Delivery } from './create-delivery.ts';
import { createExpressApp } from './create-express-app.ts';
import type { Stores } from './create-stores.ts';
import { createAuthenticatedRequests, limitAddresses } from './limit-addresses.ts';

/** Requests with a token, for an account in a minute: Perly's settings page takes a handful. */
const maxApiRequests = 1200;

/** The memory of bodies that are arriving: some 60 of the largest at once. Bytes. */
const maxBodyBytes = 64 * 1024 * 1024;

/**
 * Joins all that is reached by HTTP: Slack's side by Bolt, and Perly's. Whoever signs, signs by the time of the world,
 * whatever clock alerts are sent by.
 */
export function createWebApp(parts: {
  config: Config;
  stores: Stores;
  delivery: Delivery;
  operations: Operations;
  clock: Clock;
  timeouts: SlackTimeouts;
  logger: Logger;
}) {
  const { config, delivery, operations, clock, timeouts, logger } = parts;
  const stores = { ...parts.stores, clock };
  const { settings, linking, confirmations, removals, testChannel, slackUrls, findHomeUrl } = delivery;
  const { appUrl: perlyAppUrl, tokenSecrets } = config.perly;
  const checkConnectToken = createTokenCheck(tokenSecrets, 'connect', systemClock);
  // Where Perly's people connect Slack.
  const perlySettings = `${perlyAppUrl}/settings/notifications/slack`;
  const site = toSiteLinks(config.appUrl);
  const navigation = { perlyUrl: perlySettings, installUrl: `${config.appUrl}${installPath}`, site };
  const slackLinks = createSlackLinks({
    secrets: config.appSecrets,
    appUrl: config.appUrl,
    paths: { install: installPath, linkAccount: linkPath },
    clock: systemClock,
  });
  const authenticated = createAuthenticatedRequests();
  const onVerified = authenticated.add;
  const readBody = createBodyReader({ budget: createBodyBudget(maxBodyBytes), addressOf });
  const isSecure = config.appUrl.startsWith('https:');
  const browserPerson = createBrowserPerson({ secrets: config.appSecrets, isSecure, clock: systemClock });
  const findNavigation = createFindNavigation(navigation, findHomeUrl);
  const web = createExpressApp({
    trustProxy: config.trustProxy,
    handlers: [
      operations.handlers,
      limitAddresses({ authenticated, navigation }),
      refuseUnopened([installPath, redirectPath, linkPath, linkedPath], navigation),
    ],
  });
  // Before all else: it has the most to do.
  mountEvents(web);
  // Before Bolt, whose routes come with it: one of them has the path of an install, and knows of no account.
  const beforeBolt = express.Router();
  web.use(beforeBolt);
  const slackApp = createSlackApp({
    config,
    timeouts,
    web,
    logger: boltLogger(logger, isUserError),
    fetch: removals.tokens.fetch,
    installationStore: removals.installationStore,
    stateStore: createStateStore(config.appSecrets, stores.usedTokens),
    callbackOptions: createCallback({
      webhookOrigins: config.slack.webhookOrigins,
      perlyAppUrl,
      navigation,
      findNavigation,
      slackUrls,
      links: slackLinks,
      connections: delivery.connections,
      browserPerson,
      toLinkUrl: (teamId) => `${config.appUrl}${linkPath}?${new URLSearchParams({ team: teamId })}`,
      listAccounts: stores.links.listByTeam,
      webhook: delivery.webhook,
      withSendingPaused: delivery.withSendingPaused,
      async countMissed(channel) {
        const tenancy = tenancyOf(channel);
        return tenancy === undefined ? 0 : stores.deliveries.countHeldDue(tenancy, clock.now());
      },
      clock,
      logger,
    }),
  });
  beforeBolt.use(
    slackRequestGuard({
      checkSignature: createSlackSignatureCheck(config.slack.signingSecret, systemClock),
      signingSecret: config.slack.signingSecret,
      isFirst: createReplayCheck(stores.usedTokens),
      readBody,
      onVerified,
      onRemovalEvent: removals.onRemovalEvent,
      responseOrigins: config.slack.webhookOrigins,
      logger,
    }),
    installRoute({
      installer: slackApp.installer,
      checkToken: checkConnectToken,
      links: slackLinks,
      browserStates: createBrowserStates({ isSecure }),
      perlyAppUrl,
      perlySettings,
      site,
      redirectUri: slackApp.redirectUri,
      unknown: unknownPage(navigation),
    }),
  );
  const people = createPeople(stores);
  const clientOf: ClientOf = async (teamId) => {
    const installation = await stores.installations.find(teamId);
    if (installation?.bot === undefined) return undefined;
    removals.tokens.remember(installation.bot.token, teamId);
    return slackApp.clientWith(installation.bot.token);
  };
  registerAlerts(slackApp.app, {
    actions: createAlertActions({ ...stores, settings, people }),
    sharing: createSharingWatch({ ...stores, people, homeChanged: (teamId) => home.changed(teamId) }),
    clientOf,
    keyring: createKeyring(config.appSecrets),
    responseOrigins: config.slack.webhookOrigins,
    fetch: removals.tokens.fetch,
    clock,
    timeouts,
    logger,
  });
  const home = mountHome();
  mountPerly(web);
  web.use(
    siteRoute({
      publisher: config.publisher,
      site,
      perlyUrl: perlyAppUrl,
      installUrl: navigation.installUrl,
    }),
  );
  web.use(unknownPage(navigation), pagesErrorHandler(logger, findNavigation));

  function mountEvents(to: Express): void {
    to.use(
      eventsRoute({
        readSignedBody: createSignedBodyReader({
          checkSignature: createSignatureCheck(config.perly.secrets, systemClock),
          readBody,
          onVerified,
        }),
        parseBody: createBodyParser(new URL(perlyAppUrl).origin),
        limit: createAccountLimit({
          what: 'events',
          limit: config.perly.maxEventsPerMinute,
          clock: systemClock,
        }),
        ingest: delivery.ingest,
        onIngested: operations.onIngested,
      }),
    );
    to.use('/perly', perlyErrorHandler(logger));
  }

  function mountHome() {
    const services = {
      ...stores,
      timeouts,
      settings,
      viewers: stores.homeViewers,
      people,
      clientOf,
      listAccounts: stores.links.listByTeam,
      listActivity: (channel, limit) => listActivity(stores, channel, { limit }),
      previewRules: (channel, rules) => previewRules(stores, channel, rules),
      sendTestAlert: testChannel,
      confirmations,
      links: slackLinks,
      help: site,
      logger,
    } satisfies Parameters<typeof registerHome>[1];
    return registerHome(slackApp.app, services);
  }

  function mountPerly(to: Express): void {
    const api = apiOperations({
      ...stores,
      settings,
      linking,
      removals,
      listActivity: (channel, page) => listActivity(stores, channel, page),
      sendTestAlert: testChannel,
      installUrl: navigation.installUrl,
      perlyAppUrl,
      signConnectToken: (requester, claims) =>
        signConnectToken(tokenSecrets[0] ?? '', requester, claims, systemClock.now()),
    });
    const apiLimit = createAccountLimit({ what: 'requests', limit: maxApiRequests, clock: systemClock });
    const authenticateFor = (purpose: OperationPurpose) =>
      operations.logAccount(
        createAuthenticate(
          createTokenCheck(tokenSecrets, purpose, systemClock),
          apiLimit,
          onVerified,
          // A deletion may be asked for again.
          purpose === 'admin' ? async () => false : removals.accounts.isRevoked,
        ),
      );
    to.use(
      linkRoute({
        ...stores,
        keys: tokenSecrets.map(toTokenKey),
        slackLinks,
        browserPerson,
        checkToken: checkConnectToken,
        linking,
        confirmations,
        findHomeUrl,
        perlyAppUrl,
        perlySettings,
        site,
        clock: systemClock,
      }),
      pagesErrorHandler(logger, findNavigation),
      createApiRouter({ api: authenticateFor('api'), admin: authenticateFor('admin') }, api),
      docsRoute(() => describeApi({ appUrl: config.appUrl, perlyAppUrl, operations: api })),
    );
    to.use('/perly', unknownPerlyRoute, perlyErrorHandler(logger));
  }

  return {
    web,
    homeChanged: home.changed,
    /** Ends what people began, once no request comes any more. */
    async stop(): Promise<void> {
      await slackApp.settled();
      await home.stop();
    },
  };
}
