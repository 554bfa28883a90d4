import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createDigestSchedule } from '../delivery/digest-schedule.ts';
import { createDispatcher } from '../delivery/dispatcher.ts';
import { createIngest } from '../delivery/ingest.ts';
import { createLeaseManager } from '../delivery/lease-manager.ts';
import type { Observer } from '../delivery/observer.ts';
import { createOwnerMentions } from '../delivery/owner-mentions.ts';
import { createOwnerWatch } from '../delivery/owner-watch.ts';
import { createRecorder } from '../delivery/record.ts';
import { type NextSteps, reevaluateWaiting } from '../delivery/reevaluate-held.ts';
import { slackPaceMs } from '../delivery/retry-schedule.ts';
import type { Scheduler } from '../delivery/scheduler.ts';
import { createSendNextMessage } from '../delivery/send-next-message.ts';
import { createSendingLock } from '../delivery/sending-lock.ts';
import { createWebhookClient, maxPostMs } from '../delivery/webhook/client.ts';
import type { PerlyEvent } from '../domain/event.ts';
import type { Clock } from '../lib/clock.ts';
import { createFairLimit } from '../lib/fair-limit.ts';
import type { ChangedChannel } from '../store/channels/outbox.ts';
import type { LeaseStore } from '../store/leases.ts';
import type { HomeChanged } from './create-publishing.ts';
import type { Stores } from './create-stores.ts';

/** Concurrent operations for each concurrent POST: the others are using the database. */
const operationsPerPost = 4;

export type Sending = ReturnType<typeof createSending>;

/** @param parts.lockLeases held to keep alerts from being sent, under another name than `leases` */
export function createSending(parts: {
  config: Config;
  stores: Stores & { clock: Clock };
  leases: LeaseStore;
  lockLeases: LeaseStore;
  observer: Observer;
  scheduler: Scheduler | undefined;
  onChanged: (channel: ChangedChannel) => Promise<void>;
  homeChanged: HomeChanged;
  clock: Clock;
  random: () => number;
  paceMs: number | undefined;
  webhookTimeoutMs: number;
  logger: Logger;
}) {
  const { config, stores, leases, observer, clock, paceMs = slackPaceMs, logger } = parts;
  const { maxRequestsInFlight, webhookOrigins } = config.slack;
  const { channels, deliveries } = stores;
  const webhook = createWebhookClient({
    origins: webhookOrigins,
    connections: maxRequestsInFlight,
    timeoutMs: parts.webhookTimeoutMs,
  });
  const slots = createFairLimit(maxRequestsInFlight);

  const leaseManager = createLeaseManager({ leases, channels, maxPostMs, paceMs, clock, observer, logger });
  const findMentions = createOwnerMentions(stores);
  const ownerWatch = createOwnerWatch({ ...stores, logger });
  const dispatcher = createDispatcher({
    leaseManager,
    sendNextMessage: createSendNextMessage({
      ...stores,
      findMentions,
      webhook,
      slots,
      reevaluateHeld: (channelId) => reevaluateWaiting(stores, channelId),
      random: parts.random,
      paceMs,
      observer,
      onBroken: parts.onChanged,
      onTrouble: parts.homeChanged,
      logger,
    }),
    deliveries,
    concurrency: maxRequestsInFlight * operationsPerPost,
    clock,
    logger,
  });
  const { wake } = dispatcher;
  const digestSchedule = createDigestSchedule({ ...parts, deliveries, wake });
  function scheduleNext({ channelIds, openings }: NextSteps): void {
    wake(channelIds);
    digestSchedule.plan(openings);
  }
  const ingest = createIngest(createRecorder({ ...stores, observer, dispatcher }), scheduleNext);
  const { invalidate } = leaseManager;
  const sendingLock = createSendingLock({
    leases: parts.lockLeases,
    invalidate,
    wake,
    clock,
    paceMs,
    logger,
  });

  return {
    webhook,
    slots,
    leaseManager,
    dispatcher,
    wake,
    digestSchedule,
    scheduleNext,
    sendingLock,
    withSendingPaused: sendingLock.withSendingPaused,
    ownerWatch,
    ingest: async (events: readonly PerlyEvent[]) => {
      const receipts = await ingest(events);
      ownerWatch.record(events);
      return receipts;
    },
  };
}
