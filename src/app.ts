import express from 'express';
import helmet from 'helmet';
import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { listActivity } from './delivery/activity.ts';
import { createAlertActions } from './delivery/alert-actions.ts';
import { createConnections } from './delivery/connections.ts';
import { createDispatcher } from './delivery/dispatch.ts';
import { createGreeter } from './delivery/greeter.ts';
import { countMissed } from './delivery/held.ts';
import { createLeaseKeeper, leaseTtlMs } from './delivery/lease-keeper.ts';
import { createLeaving } from './delivery/leaving.ts';
import { createLinking } from './delivery/linking.ts';
import { createMover } from './delivery/move.ts';
import { createOpenings } from './delivery/openings.ts';
import { previewRules } from './delivery/preview.ts';
import { createRecorder } from './delivery/record.ts';
import { type FollowUp, redecide } from './delivery/redecide.ts';
import { retryDelay } from './delivery/retry-schedule.ts';
import type { Schedule } from './delivery/schedule.ts';
import { type ChannelChange, type ChannelSettings, createChannelSettings } from './delivery/settings.ts';
import { createSweep } from './delivery/sweep.ts';
import { createTell } from './delivery/tell.ts';
import { sendTestAlert } from './delivery/test-alert.ts';
import { createTurn } from './delivery/turn.ts';
import { limitAddresses } from './limit-addresses.ts';
import { countDeliveries } from './ops/count-deliveries.ts';
import { createHttpServer } from './ops/http-server.ts';
import { boltLogger } from './ops/log.ts';
import { createMetrics, type Metrics } from './ops/metrics.ts';
import { createOperations } from './ops/operations.ts';
import { createAccountLimit } from './perly/account-limit.ts';
import { describeApi } from './perly/api/openapi.ts';
import { apiOperations } from './perly/api/operations.ts';
import { createApiRouter } from './perly/api/router.ts';
import { createAuthenticate } from './perly/authenticate.ts';
import { docsRoute } from './perly/docs/docs-route.ts';
import { perlyErrorHandler, unknownPerlyRoute } from './perly/error-handler.ts';
import { createBodyParser } from './perly/events-body.ts';
import { eventsRoute } from './perly/events-route.ts';
import { toBrokenNotice, toNotice } from './perly/notices/notice.ts';
import { createNotifier, silentNotifier } from './perly/notices/notifier.ts';
import { createPostNotice } from './perly/notices/post-notice.ts';
import { createSignatureCheck } from './perly/signature.ts';
import { createTokenCheck, signToken, toTokenKey } from './perly/token.ts';
import { createSlackSignatureCheck } from './slack/door/signature.ts';
import { slackDoor } from './slack/door/slack-door.ts';
import type { HomeServices } from './slack/home/services.ts';
import { createBrowserStates } from './slack/install/browser-states.ts';
import { createCallback } from './slack/install/callback.ts';
import { installPath, installRoute } from './slack/install/install-route.ts';
import { createBoltInstallationStore } from './slack/install/installation-store.ts';
import { linkPath, linkRoute } from './slack/install/link-route.ts';
import { pagesErrorHandler, unknownPage } from './slack/install/pages-error-handler.ts';
import { createSlackLinks } from './slack/install/slack-links.ts';
import { createStateStore } from './slack/install/state-store.ts';
import { register as registerLeaving } from './slack/listeners/events/leaving.ts';
import { registerAlerts } from './slack/listeners/register-alerts.ts';
import { registerHome } from './slack/listeners/register-home.ts';
import { createSlackApp } from './slack/slack-app.ts';
import { createWebhookClient, longestPostMs } from './slack/webhook/webhook-client.ts';
import { createAuditStore } from './store/audit.ts';
import { createChannelAccountStore } from './store/channel-accounts.ts';
import { createChannelMoveStore } from './store/channel-moves.ts';
import { type Channel, createChannelStore } from './store/channels.ts';
import { ping } from './store/database.ts';
import { createDeliveryStore } from './store/deliveries.ts';
import { createEventStore } from './store/events.ts';
import { readFigures } from './store/figures.ts';
import { createHomeViewerStore } from './store/home-viewers.ts';
import { findMissingIndexes } from './store/indexes.ts';
import { createInstallationStore } from './store/installations.ts';
import { createKeyring } from './store/keyring.ts';
import { createLeaseStore } from './store/leases.ts';
import { createLinkStore } from './store/links.ts';
import { createMuteStore } from './store/mutes.ts';
import { createNoticeStore } from './store/notices.ts';
import { mendStragglers } from './store/schema/migrate.ts';
import { createUsedTokenStore } from './store/used-tokens.ts';

/** Requests with a token, for an account in a minute: Perly's settings page takes a handful. */
const mostApiRequests = 1200;

export type PerlyForSlack = {
  /** Listens, and takes up what an earlier process left. @returns the port */
  start(): Promise<number>;
  /** Says from now on that it is not ready, and does all as before: for a load balancer, some time before `stop`. */
  drain(): void;
  /** Takes no more requests, ends what is under way, and lets go of Slack. The database is the caller's. */
  stop(): Promise<void>;
  /** What can be changed of channels, for whoever joins the app into something larger. */
  settings: ChannelSettings;
};

/**
 * Joins the parts of the app. Nothing runs before `start`.
 *
 * @param parts.name names this process, and no other one ever: it signs leases and locks with it
 * @param parts.alone whether no other process can be on the database
 * @param parts.schedule keeps the time of the sweep and of openings; without one there is only the sweep of the start
 */
export function createApp(parts: {
  config: Config;
  db: Db;
  name: string;
  alone: boolean;
  schedule?: Schedule;
  metrics?: Metrics;
  logger: Logger;
  clock?: Clock;
  random?: () => number;
}): PerlyForSlack {
  const { config, db, logger, clock = systemClock, random = Math.random, metrics = createMetrics() } = parts;
  const keyring = createKeyring(config.appSecrets);
  const channels = createChannelStore(db, keyring);
  const observer = countDeliveries(metrics);
  const deliveries = createDeliveryStore(db, observer.changed);
  const events = createEventStore(db);
  const installations = createInstallationStore(db, keyring);
  const mutes = createMuteStore(db);
  const stores = { channels, deliveries, events, mutes, clock };

  const webhook = createWebhookClient({
    origins: config.slack.webhookOrigins,
    connections: config.slack.maxRequestsInFlight,
    clock,
  });
  const leases = createLeaseStore(db, { holder: parts.name, ttlMs: leaseTtlMs });
  const keeper = createLeaseKeeper({ leases, channels, longestPostMs, clock, observer, logger });
  const notices = createNoticeStore(db);
  const notifier =
    config.perly.notifyUrl === undefined
      ? silentNotifier
      : createNotifier({
          notices,
          leases: createLeaseStore(db, { holder: `${parts.name} notices`, ttlMs: leaseTtlMs }),
          post: createPostNotice(config.perly.notifyUrl, config.perly.secrets[0] ?? ''),
          delayAfter: (failedBefore) => retryDelay(failedBefore, random),
          clock,
          logger,
        });
  const onBroken = async (channel: Channel) => {
    home.changed(channel.teamId);
    await notifier.tell(toBrokenNotice(channel, clock.now()));
  };
  const turn = createTurn({
    channels,
    events,
    deliveries,
    webhook,
    clock,
    random,
    observer,
    onBroken,
    logger,
  });
  const dispatcher = createDispatcher({
    keeper,
    turn,
    deliveries,
    width: config.slack.maxRequestsInFlight,
    clock,
    logger,
  });
  const { wake } = dispatcher;
  const openings = createOpenings({ deliveries, schedule: parts.schedule, wake, clock, logger });
  const follow = (what: FollowUp) => {
    wake(what.channelIds);
    openings.plan(what.openings);
  };
  const audit = createAuditStore(db);
  const announce = async (change: ChannelChange) => {
    const { channel, actor } = change;
    home.changed(channel.teamId, actor.kind === 'user' ? actor.userId : undefined);
    await notifier.tell(toNotice(change, clock.now()));
  };
  const settings = createChannelSettings({ ...stores, audit, announce, follow });
  const tell = createTell({ audit, announce, clock });
  // A workspace that left has no Home.
  const tellPerly = createTell({
    audit,
    announce: (change) => notifier.tell(toNotice(change, clock.now())),
    clock,
  });
  const greeter = createGreeter({
    leases: createLeaseStore(db, { holder: `${parts.name} greeter`, ttlMs: leaseTtlMs }),
    wake,
    clock,
    logger,
  });
  const mover = createMover({
    ...stores,
    moves: createChannelMoveStore(db, keyring),
    keepAway: greeter.greet,
    tell,
    follow,
  });
  const usedTokens = createUsedTokenStore(db);
  const links = createLinkStore(db);
  const channelAccounts = createChannelAccountStore(db);
  const connections = createConnections({
    channels,
    links,
    usedTokens,
    mover,
    tell,
    clock,
  });
  const homeViewers = createHomeViewerStore(db);
  const leaving = createLeaving({
    ...stores,
    installations,
    channelAccounts,
    links,
    audit,
    homeViewers,
    notices,
    tell: tellPerly,
    logger,
  });
  const linking = createLinking({
    ...stores,
    channelAccounts,
    links,
    webhook,
    greet: greeter.greet,
    tell,
    logger,
  });
  const sweepChannels = createSweep({
    channels,
    deliveries,
    leases,
    mend: () => mendStragglers(db),
    redecide: (channelId) => redecide(stores, channelId),
    mover,
    leaving,
    follow,
    clock,
    logger,
  });
  async function sweep(): Promise<void> {
    await notifier.sweep();
    await sweepChannels();
  }
  // Perly signs by the time of the world, whatever clock alerts are sent by.
  const checkToken = createTokenCheck(config.perly.secrets, systemClock);

  const apiLimit = createAccountLimit({ what: 'requests', limit: mostApiRequests, clock: systemClock });

  const { appUrl: perlyAppUrl } = config.perly;
  const ways = { perlyUrl: slackSettings(perlyAppUrl), installUrl: `${config.appUrl}${installPath}` };

  const slackLinks = createSlackLinks({
    secrets: config.appSecrets,
    appUrl: config.appUrl,
    paths: { install: installPath, linkAccount: linkPath },
    clock: systemClock,
  });

  let isScheduled = false;
  const operations = createOperations({
    config,
    metrics,
    checks: {
      database: () => ping(db),
      indexes: () => findMissingIndexes(db),
      agenda: () => (isScheduled ? undefined : 'not started'),
    },
    readFigures: () => readFigures(db),
    now: () => clock.now(),
    logger,
  });

  // The pages bring their own policy for content.
  const web = express()
    .disable('x-powered-by')
    // An ETag is a version that can be sent back: only what has one gets one.
    .disable('etag')
    .set('trust proxy', config.trustProxy ?? 0)
    .use(
      helmet({ contentSecurityPolicy: false }),
      operations.handlers,
      limitAddresses({ trustProxy: config.trustProxy, ways, logger }),
    );
  const beforeBolt = express.Router();
  web.use(beforeBolt);
  beforeBolt.use(
    slackDoor({
      checkSignature: createSlackSignatureCheck(config.slack.signingSecret, systemClock),
      responseOrigins: config.slack.webhookOrigins,
      logger,
    }),
  );
  const slackApp = createSlackApp({
    config,
    web,
    logger: boltLogger(logger),
    // Slack says by the time of the world when a workspace left.
    installationStore: createBoltInstallationStore(installations, systemClock),
    stateStore: createStateStore(config.appSecrets, usedTokens),
    callbackOptions: createCallback({
      webhookOrigins: config.slack.webhookOrigins,
      perlyAppUrl,
      ways,
      connections,
      links: slackLinks,
      webhook,
      greet: greeter.greet,
      countMissed: ({ _id }) => countMissed(deliveries, _id, clock.now()),
      logger,
    }),
  });
  const { installer, redirectUri } = slackApp;
  registerAlerts(slackApp.app, createAlertActions({ ...stores, settings }));
  registerLeaving(slackApp.app, leaving);
  // Bolt has a route at the same path, which knows of no account.
  beforeBolt.use(
    installRoute({
      installer,
      checkToken,
      links: slackLinks,
      browserStates: createBrowserStates({ isSecure: config.appUrl.startsWith('https:') }),
      perlyAppUrl,
      redirectUri,
      unknown: unknownPage(ways),
    }),
  );

  const testChannel: HomeServices['sendTestAlert'] = async (channel, actor) => {
    const post = { channels, webhook, greet: greeter.greet, perlyAppUrl, onBroken, clock };
    const result = await sendTestAlert(post, channel._id);
    if (result.kind === 'sent') await tell({ action: 'test_alert_sent', channel, actor });
    else home.changed(channel.teamId);
    return result;
  };
  const homeServices: HomeServices = {
    ...stores,
    audit,
    settings,
    viewers: homeViewers,
    listAccounts: links.listByTeam,
    listActivity: (channel, limit) => listActivity(stores, channel, { limit }),
    previewRules: (channel, rules) => previewRules(stores, channel, rules),
    sendTestAlert: testChannel,
    links: slackLinks,
    help: { documentationUrl: `${perlyAppUrl}/help/slack`, supportUrl: `${perlyAppUrl}/support` },
    clock,
    logger,
  };
  const home = registerHome(slackApp.app, homeServices, async (teamId) => {
    const installation = await installations.find(teamId);
    return installation?.bot === undefined ? undefined : slackApp.clientWith(installation.bot.token);
  });
  const api = apiOperations({
    ...stores,
    channelAccounts,
    links,
    settings,
    linking,
    leaving,
    listActivity: (channel, page) => listActivity(stores, channel, page),
    sendTestAlert: testChannel,
    installUrl: ways.installUrl,
    perlyAppUrl,
    signToken: (accountId, claims) =>
      signToken(config.perly.secrets[0] ?? '', accountId, claims, systemClock.now()),
  });

  web.use(
    linkRoute({
      keys: config.perly.secrets.map(toTokenKey),
      slackLinks,
      checkToken,
      linking,
      links,
      installations,
      usedTokens,
      perlyAppUrl,
      perlySettings: ways.perlyUrl,
      clock: systemClock,
    }),
    pagesErrorHandler(logger, ways),
  );
  web.use(
    eventsRoute({
      checkSignature: createSignatureCheck(config.perly.secrets, systemClock),
      parseBody: createBodyParser(new URL(perlyAppUrl).origin),
      limit: createAccountLimit({
        what: 'events',
        limit: config.perly.maxEventsPerMinute,
        clock: systemClock,
      }),
      record: createRecorder({ ...stores, observer }),
      onJudged: operations.onJudged,
      onRecorded: follow,
    }),
    createApiRouter(operations.noteAccount(createAuthenticate(checkToken, apiLimit)), api),
    docsRoute(describeApi({ appUrl: config.appUrl, perlyAppUrl, operations: api })),
  );
  web.use('/perly', unknownPerlyRoute, perlyErrorHandler(logger));
  web.use(unknownPage(ways), pagesErrorHandler(logger, ways));
  const server = createHttpServer(web);

  let sweeping: Promise<void> | undefined;
  function sweepSoon(): void {
    sweeping ??= sweep()
      .catch((error: unknown) => logger.error({ err: error }, 'a sweep failed and comes again in a minute'))
      .finally(() => {
        sweeping = undefined;
      });
  }

  const drain = () => operations.enter('stopping');

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    await Promise.all([server.close(), parts.schedule?.stop()]);
    await slackApp.settled();
    await home.stop();
    await openings.stop();
    await sweeping;
    await greeter.stop();
    await dispatcher.stop();
    await notifier.stop();
    await keeper.stop();
    await webhook.close();
    // To the last, it can be seen how the process ends.
    await operations.close();
  }

  return {
    settings,
    async start() {
      await operations.listen();
      if (parts.alone) await leases.endAll();
      // First, so that everything that is found from here on can be planned.
      await parts.schedule?.start({ sweep, open: openings.open });
      isScheduled = true;
      const port = await server.listen(config.port);
      keeper.start((abandoned) => {
        wake(abandoned);
        // Whoever died may also have left what it had not begun to serve.
        sweepSoon();
      });
      await sweep();
      operations.enter('ready');
      return port;
    },
    drain,
    stop: () => {
      drain();
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Where Perly's people connect Slack. */
function slackSettings(perlyAppUrl: string): string {
  return `${perlyAppUrl}/settings/notifications/slack`;
}
