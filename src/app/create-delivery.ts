import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import { createConnections } from '../channels/connect.ts';
import { createDirectMessageRemoval } from '../channels/direct-messages.ts';
import { createTenancyEnder } from '../channels/end-tenancy.ts';
import { createDeliveryForwarder } from '../channels/forward-deliveries.ts';
import type { AuthTest } from '../channels/invalid-tokens.ts';
import { createLinking } from '../channels/link.ts';
import { createLinkConfirmations } from '../channels/link-confirmations.ts';
import { createChannelMover } from '../channels/move.ts';
import { createMuting } from '../channels/mute.ts';
import { createOutboxRelay, toChange } from '../channels/outbox-relay.ts';
import { createChannelSettings } from '../channels/settings.ts';
import { sendTestAlert, type TestAlertResult } from '../channels/test-alert.ts';
import { createUnlinking } from '../channels/unlink.ts';
import type { Config } from '../config.ts';
import { createDigestSchedule } from '../delivery/digest-schedule.ts';
import { createDispatcher } from '../delivery/dispatcher.ts';
import { createIngest } from '../delivery/ingest.ts';
import { createLeaseManager, leaseTtlMs } from '../delivery/lease-manager.ts';
import { limitByWorkspace } from '../delivery/limit-by-workspace.ts';
import type { Observer } from '../delivery/observer.ts';
import { createRecorder } from '../delivery/record.ts';
import { type NextSteps, reevaluateWaiting } from '../delivery/reevaluate-held.ts';
import { retryDelay } from '../delivery/retry-schedule.ts';
import type { Scheduler } from '../delivery/scheduler.ts';
import { createSendNextMessage } from '../delivery/send-next-message.ts';
import { createSendingLock } from '../delivery/sending-lock.ts';
import { createWebhookClient, maxPostMs } from '../delivery/webhook/client.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createFairLimit } from '../lib/fair-limit.ts';
import { createNotifier, noopNotifier } from '../perly/webhooks/notifier.ts';
import { createPostWebhook } from '../perly/webhooks/post-webhook.ts';
import { toWebhookEvent } from '../perly/webhooks/webhook-event.ts';
import { createFindHomeUrl } from '../slack/find-home-url.ts';
import { createSlackUrls } from '../slack/slack-urls.ts';
import type { Actor } from '../store/audit.ts';
import type { Channel } from '../store/channels/document.ts';
import type { ChangedChannel, PublishedChange } from '../store/channels/outbox.ts';
import { isUnreachable } from '../store/database.ts';
import { createLeaseStore } from '../store/leases.ts';
import { createRecoveryRuns } from './create-recovery.ts';
import { createRemovals } from './create-removals.ts';
import type { Stores } from './create-stores.ts';

/**
 * How many turns may be taken at once for each message that may be under way to Slack: the others are at the database,
 * before it or after it.
 */
const sendersPerPost = 4;

export type Delivery = ReturnType<typeof createDelivery>;

/**
 * Joins what records and sends, and what changes of channels mean for both.
 *
 * @param parts.name names this process, and no other one ever: it signs leases with it
 * @param parts.homeChanged called when what Home shows of a workspace changed, with who changed it
 */
export function createDelivery(parts: {
  config: Config;
  db: Db;
  name: string;
  stores: Stores;
  observer: Observer;
  scheduler: Scheduler | undefined;
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
  const slots = createFairLimit(config.slack.maxRequestsInFlight);
  const fairWebhook = limitByWorkspace(webhook, slots);

  const notifier =
    config.perly.notifyUrl === undefined
      ? noopNotifier
      : createNotifier({
          outgoingWebhooks: stores.outgoingWebhooks,
          leases: leasesOf(`${name} notifier`),
          post: createPostWebhook(config.perly.notifyUrl, config.perly.notifySecrets[0] ?? ''),
          delayAfter: (failedBefore) => retryDelay(failedBefore, random),
          clock,
          logger,
        });
  async function onPublish(change: PublishedChange): Promise<void> {
    const { id, teamId, actor } = change;
    // A workspace that left has no Home.
    if (actor?.kind !== 'slack') homeChanged(teamId, actor?.kind === 'user' ? actor.userId : undefined);
    await notifier.notify(id, toWebhookEvent(change));
  }
  const outboxRelay = createOutboxRelay({ ...stores, onPublish, logger });
  const { publish } = outboxRelay;
  async function onChanged(channel: ChangedChannel): Promise<void> {
    await publish(channel);
  }

  const leases = leasesOf(name);
  const leaseManager = createLeaseManager({ leases, channels, maxPostMs, clock, observer, logger });
  const dispatcher = createDispatcher({
    leaseManager,
    sendNextMessage: createSendNextMessage({
      ...stores,
      webhook,
      slots,
      reevaluateHeld: (channelId) => reevaluateWaiting(stores, channelId),
      random,
      observer,
      onBroken: onChanged,
      onTrouble: homeChanged,
      logger,
    }),
    deliveries,
    concurrency: config.slack.maxRequestsInFlight * sendersPerPost,
    clock,
    logger,
  });
  const { wake } = dispatcher;
  const digestSchedule = createDigestSchedule({
    deliveries,
    scheduler: parts.scheduler,
    wake,
    clock,
    logger,
  });
  function scheduleNext({ channelIds, openings: instants }: NextSteps): void {
    wake(channelIds);
    digestSchedule.plan(instants);
  }

  const sendingLock = createSendingLock({ leases: leasesOf(`${name} sending lock`), wake, clock, logger });
  const { withSendingPaused } = sendingLock;
  const muting = createMuting({ ...stores, outboxRelay });
  const forward = createDeliveryForwarder({ ...stores, withSendingPaused: withSendingPaused, scheduleNext });
  const tenancyEnder = createTenancyEnder({ ...stores, forward });
  const settings = createChannelSettings({ ...stores, muting, tenancyEnder, outboxRelay, scheduleNext });
  const removals = createRemovals({ ...parts, publish });
  const { accounts } = removals;
  const unlinking = createUnlinking({ ...stores, tenancyEnder, publish });
  const mover = createChannelMover({
    ...stores,
    tenancyEnder,
    unlinkChannels: unlinking.unlinkChannels,
    publish,
  });
  const connections = createConnections({
    ...stores,
    ...removals,
    tenancyEnder,
    mover,
    unlinking,
    publish,
  });
  const slackUrls = createSlackUrls(config.slack.authorizeUrl);
  const findHomeUrl = createFindHomeUrl(stores.installations, slackUrls);
  const linking = createLinking({
    ...stores,
    tenancyEnder,
    unlinking,
    accounts,
    webhook: fairWebhook,
    withSendingPaused,
    findHomeUrl,
    publish,
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

  const recoveryRuns = createRecoveryRuns({
    ...parts,
    stores,
    leases,
    webhook,
    slots,
    withSendingPaused,
    publish,
    scheduleNext,
    mover,
    tenancyEnder,
    removals,
    before: [
      createDirectMessageRemoval({ ...stores, settings }),
      notifier.recover,
      outboxRelay.recover,
      muting.recover,
      linking.recover,
    ],
  });
  const { recover } = recoveryRuns;

  return {
    webhook: fairWebhook,
    withSendingPaused,
    settings,
    connections,
    linking,
    slackUrls,
    findHomeUrl,
    confirmations,
    removals,
    scheduleNext,
    /** Takes what Perly posts. */
    ingest: createIngest(createRecorder({ ...stores, observer, dispatcher }), scheduleNext),

    /** Posts a test alert, and tells of it. */
    async testChannel(channel: Channel, actor: Actor): Promise<TestAlertResult> {
      const post = {
        ...stores,
        webhook,
        slots,
        withSendingPaused,
        perlyAppUrl: config.perly.appUrl,
        onChanged,
      };
      const result = await sendTestAlert(post, channel, actor);
      if (result.kind === 'sent') {
        const change = { action: 'test_alert_sent', actor, at: clock.now() } as const;
        await outboxRelay.publishDetached(toChange(channel, change));
      } else if (result.kind !== 'busy' || result.until !== null) homeChanged(channel.teamId);
      return result;
    },

    /** Can plan from here on. @param alone whether no other process can be on the database */
    async prepare(alone: boolean): Promise<void> {
      if (alone) await leases.endAll();
      await parts.scheduler?.start({ recover, open: digestSchedule.open });
    },

    /** Serves from here on, first what an earlier process left. */
    async start(): Promise<void> {
      leaseManager.start((abandoned) => {
        wake(abandoned);
        // Whoever died may also have left what it had not begun to serve.
        recoveryRuns.begin();
      });
      await recover().catch((error: unknown) => {
        if (isUnreachable(error)) throw error;
        logger.error({ err: error }, 'recovery at the start failed in part, and comes again in a minute');
      });
    },

    /** Takes up nothing more, and ends what is under way. Nobody may record any more. */
    async stop(): Promise<void> {
      await digestSchedule.stop();
      await recoveryRuns.ended();
      await removals.stop();
      await sendingLock.stop();
      await dispatcher.stop();
      await outboxRelay.stop();
      await notifier.stop();
      await leaseManager.stop();
      await webhook.close();
    },
  };
}
