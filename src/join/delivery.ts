import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { createConnections } from '../delivery/connections.ts';
import { createDispatcher } from '../delivery/dispatch.ts';
import { createEndings } from '../delivery/endings.ts';
import { createForward } from '../delivery/forward.ts';
import { createGreeter } from '../delivery/greeter.ts';
import { createIntake } from '../delivery/intake.ts';
import { createLeaseKeeper, leaseTtlMs } from '../delivery/lease-keeper.ts';
import { createLinkConfirmations } from '../delivery/link-confirmations.ts';
import { createLinking } from '../delivery/linking.ts';
import { createMover } from '../delivery/move.ts';
import { createMuting } from '../delivery/muting.ts';
import type { Observer } from '../delivery/observer.ts';
import { createOpenings } from '../delivery/openings.ts';
import { createRecorder } from '../delivery/record.ts';
import { type FollowUp, redecideWaiting } from '../delivery/redecide.ts';
import { retryDelay } from '../delivery/retry-schedule.ts';
import type { Schedule } from '../delivery/schedule.ts';
import { createChannelSettings } from '../delivery/settings.ts';
import { sharePlaces } from '../delivery/share-places.ts';
import { createTeller, toDeed } from '../delivery/tell.ts';
import { sendTestAlert, type TestAlertResult } from '../delivery/test-alert.ts';
import { createTurn } from '../delivery/turn.ts';
import { createUnlinking } from '../delivery/unlinking.ts';
import { createFairLimit } from '../fair-limit.ts';
import { toNotice } from '../perly/notices/notice.ts';
import { createNotifier, silentNotifier } from '../perly/notices/notifier.ts';
import { createPostNotice } from '../perly/notices/post-notice.ts';
import type { AuthTest } from '../slack/auth-test.ts';
import { createFindHomeUrl } from '../slack/find-home-url.ts';
import { createSlackUrls } from '../slack/slack-urls.ts';
import { createWebhookClient, longestPostMs } from '../slack/webhook/webhook-client.ts';
import type { Actor } from '../store/audit.ts';
import type { Channel } from '../store/channels.ts';
import { isUnreachable } from '../store/database.ts';
import { createLeaseStore } from '../store/leases.ts';
import type { ChangedChannel, ChannelDeed } from '../store/untold.ts';
import { joinRemovals } from './removals.ts';
import type { Stores } from './stores.ts';
import { joinSweeps } from './sweeps.ts';

/**
 * How many turns may be taken at once for each message that may be under way to Slack: the others are at the database,
 * before it or after it.
 */
const turnsForAPost = 4;

export type Delivery = ReturnType<typeof joinDelivery>;

/**
 * Joins what records and sends, and what changes of channels mean for both.
 *
 * @param parts.name names this process, and no other one ever: it signs leases with it
 * @param parts.homeChanged called when what Home shows of a workspace changed, with who changed it
 */
export function joinDelivery(parts: {
  config: Config;
  db: Db;
  name: string;
  stores: Stores;
  observer: Observer;
  schedule: Schedule | undefined;
  homeChanged: (teamId: string, userId?: string) => void;
  /** Asks Slack whether a bot token works. */
  authTest: AuthTest;
  clock: Clock;
  random: () => number;
  logger: Logger;
}) {
  const { config, db, name, observer, homeChanged, clock, random, logger } = parts;
  const stores = { ...parts.stores, clock };
  const { channels, deliveries } = stores;
  const leasesOf = (holder: string) => createLeaseStore(db, { holder, ttlMs: leaseTtlMs });

  const webhook = createWebhookClient({
    origins: config.slack.webhookOrigins,
    connections: config.slack.maxRequestsInFlight,
  });
  const places = createFairLimit(config.slack.maxRequestsInFlight);
  const fairWebhook = sharePlaces(webhook, places);

  const notifier =
    config.perly.notifyUrl === undefined
      ? silentNotifier
      : createNotifier({
          notices: stores.notices,
          leases: leasesOf(`${name} notices`),
          post: createPostNotice(config.perly.notifyUrl, config.perly.notifySecrets[0] ?? ''),
          delayAfter: (failedBefore) => retryDelay(failedBefore, random),
          clock,
          logger,
        });
  async function announce(deed: ChannelDeed): Promise<void> {
    const { id, teamId, actor } = deed;
    // A workspace that left has no Home.
    if (actor?.kind !== 'slack') homeChanged(teamId, actor?.kind === 'user' ? actor.userId : undefined);
    await notifier.tell(id, toNotice(deed));
  }
  const teller = createTeller({ ...stores, announce, logger });
  const { tell } = teller;
  async function onChanged(channel: ChangedChannel): Promise<void> {
    await tell(channel);
  }

  const leases = leasesOf(name);
  const keeper = createLeaseKeeper({ leases, channels, longestPostMs, clock, observer, logger });
  const dispatcher = createDispatcher({
    keeper,
    turn: createTurn({
      ...stores,
      webhook,
      places,
      redecide: (channelId) => redecideWaiting(stores, channelId),
      random,
      observer,
      onBroken: onChanged,
      onTrouble: homeChanged,
      logger,
    }),
    deliveries,
    width: config.slack.maxRequestsInFlight * turnsForAPost,
    clock,
    logger,
  });
  const { wake } = dispatcher;
  const openings = createOpenings({ deliveries, schedule: parts.schedule, wake, clock, logger });
  function follow({ channelIds, openings: instants }: FollowUp): void {
    wake(channelIds);
    openings.plan(instants);
  }

  const greeter = createGreeter({ leases: leasesOf(`${name} greeter`), wake, clock, logger });
  const { greet } = greeter;
  const muting = createMuting({ ...stores, teller });
  const forward = createForward({ ...stores, keepAway: greet, follow });
  const endings = createEndings({ ...stores, forward });
  const settings = createChannelSettings({ ...stores, muting, endings, teller, follow });
  const removals = joinRemovals({ ...parts, tell });
  const { accounts } = removals;
  const unlinking = createUnlinking({ ...stores, endings, tell });
  const mover = createMover({ ...stores, endings, unlinkChannels: unlinking.unlinkChannels, tell });
  const connections = createConnections({ ...stores, endings, mover, unlinking, accounts, tell });
  const slackUrls = createSlackUrls(config.slack.authorizeUrl);
  const findHomeUrl = createFindHomeUrl(stores.installations, slackUrls);
  const linking = createLinking({
    ...stores,
    endings,
    unlinking,
    accounts,
    webhook: fairWebhook,
    greet,
    findHomeUrl,
    tell,
    logger,
  });
  const confirmations = createLinkConfirmations({
    store: stores.linkConfirmations,
    linking,
    accounts,
    homeChanged,
    // Like links, by the time of the world.
    clock: systemClock,
  });

  const sweeps = joinSweeps({
    ...parts,
    stores,
    leases,
    webhook: fairWebhook,
    greet,
    tell,
    follow,
    mover,
    endings,
    removals,
    before: [notifier.sweep, teller.sweep, muting.sweep],
  });
  const { sweep } = sweeps;

  return {
    webhook: fairWebhook,
    greet,
    settings,
    connections,
    linking,
    slackUrls,
    findHomeUrl,
    confirmations,
    removals,
    follow,
    /** Takes what Perly posts. */
    take: createIntake(createRecorder({ ...stores, observer, dispatcher }), follow),

    /** Posts a test alert, and tells of it. */
    async testChannel(channel: Channel, actor: Actor): Promise<TestAlertResult> {
      const post = {
        ...stores,
        webhook: fairWebhook,
        greet,
        perlyAppUrl: config.perly.appUrl,
        onChanged,
      };
      const result = await sendTestAlert(post, channel, actor);
      if (result.kind === 'sent') {
        const deed = { action: 'test_alert_sent', actor, at: clock.now() } as const;
        await teller.note(toDeed(channel, deed));
      } else if (result.kind !== 'busy' || result.until !== null) homeChanged(channel.teamId);
      return result;
    },

    /** Can plan from here on. @param alone whether no other process can be on the database */
    async prepare(alone: boolean): Promise<void> {
      if (alone) await leases.endAll();
      await parts.schedule?.start({ sweep, open: openings.open });
    },

    /** Serves from here on, first what an earlier process left. */
    async start(): Promise<void> {
      keeper.start((abandoned) => {
        wake(abandoned);
        // Whoever died may also have left what it had not begun to serve.
        sweeps.begin();
      });
      await sweep().catch((error: unknown) => {
        if (isUnreachable(error)) throw error;
        logger.error({ err: error }, 'recovery at the start failed in part, and comes again in a minute');
      });
    },

    /** Takes up nothing more, and ends what is under way. Nobody may record any more. */
    async stop(): Promise<void> {
      await openings.stop();
      await sweeps.ended();
      await removals.stop();
      await greeter.stop();
      await dispatcher.stop();
      await teller.stop();
      await notifier.stop();
      await keeper.stop();
      await webhook.close();
    },
  };
}
