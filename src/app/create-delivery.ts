import type { Logger } from 'pino';
import type { AuthTest } from '../channels/invalid-tokens.ts';
import { type OutboxRelay, toChange } from '../channels/outbox-relay.ts';
import { sendTestAlert, type TestAlertResult } from '../channels/test-alert.ts';
import type { Config } from '../config.ts';
import type { Observer } from '../delivery/observer.ts';
import { createRecovery, type Recovery } from '../delivery/recovery.ts';
import type { Scheduler } from '../delivery/scheduler.ts';
import type { Clock } from '../lib/clock.ts';
import type { Actor } from '../store/audit.ts';
import type { Channel } from '../store/channels/document.ts';
import { isUnreachable } from '../store/database.ts';
import type { CreateLeases } from '../store/memory-leases.ts';
import { createAccountLinking, createChannelChanges } from './create-channel-changes.ts';
import { createPublishing, type HomeChanged } from './create-publishing.ts';
import { listDeliveryRecovery } from './create-recovery.ts';
import { createRemovals } from './create-removals.ts';
import { createSending } from './create-sending.ts';
import type { Stores } from './create-stores.ts';

export type Delivery = ReturnType<typeof createDelivery>;

/**
 * @param parts.name unique among all processes ever: it signs leases
 * @param parts.homeChanged called when the content of a workspace's Home changed, with who changed it
 */
export function createDelivery(parts: {
  config: Config;
  name: string;
  stores: Stores;
  leasesOf: CreateLeases;
  observer: Observer;
  scheduler: Scheduler | undefined;
  homeChanged: HomeChanged;
  authTest: AuthTest;
  clock: Clock;
  random: () => number;
  paceMs: number | undefined;
  webhookTimeoutMs: number;
  logger: Logger;
}) {
  const stores = { ...parts.stores, clock: parts.clock };
  const { leasesOf } = parts;
  const leases = leasesOf(parts.name);
  const publishing = createPublishing({ ...parts, leases: leasesOf(`${parts.name} notifier`) });
  const { outboxRelay, publish, onChanged } = publishing;
  const lockLeases = leasesOf(`${parts.name} sending lock`);
  const sending = createSending({ ...parts, stores, leases, lockLeases, onChanged });
  const removals = createRemovals({ ...parts, ownerWatch: sending.ownerWatch, publish });
  const changes = createChannelChanges({ ...parts, stores, sending, removals, outboxRelay });
  const accountLinking = createAccountLinking({
    ...parts,
    ...changes,
    stores,
    sending,
    removals,
    outboxRelay,
  });

  const deliverySteps = listDeliveryRecovery({ ...parts, ...sending, ...changes, stores, leases, publish });
  const recovery = createRecovery(
    [
      { name: 'outgoing webhooks', run: publishing.notifier.recover },
      { name: 'the outbox', run: outboxRelay.recover },
      { name: 'mutes', run: changes.muting.recover },
      { name: 'owners', run: changes.owners.recover },
      { name: 'account links', run: changes.unlinking.recover },
      ...deliverySteps.first,
      { name: 'removals', run: removals.recover },
      { name: 'moves', run: changes.mover.resume },
      { name: 'former accounts', run: () => changes.tenancyCleanup.recover() },
      ...deliverySteps.last,
      { name: 'daily checks and deletions', run: removals.runDaily },
    ],
    parts.logger,
  );

  return {
    ...accountLinking,
    unlinking: changes.unlinking,
    notices: changes.notices,
    slackUrls: changes.slackUrls,
    findHomeUrl: changes.findHomeUrl,
    withSendingPaused: sending.withSendingPaused,
    ingest: sending.ingest,
    scheduleNext: sending.scheduleNext,
    settings: changes.settings,
    owners: changes.owners,
    connections: changes.connections,
    removals,
    testChannel: createTestChannel({ ...parts, stores, sending, outboxRelay, onChanged }),
    ...createLifecycle({ ...parts, sending, publishing, removals, recovery }),
  };
}

function createTestChannel(parts: {
  config: Config;
  stores: Stores & { clock: Clock };
  sending: ReturnType<typeof createSending>;
  outboxRelay: OutboxRelay;
  onChanged: ReturnType<typeof createPublishing>['onChanged'];
  homeChanged: HomeChanged;
}) {
  const { stores, sending, outboxRelay, onChanged } = parts;
  const post = { ...stores, ...sending, perlyAppUrl: parts.config.perly.appUrl, onChanged };
  return async (channel: Channel, actor: Actor): Promise<TestAlertResult> => {
    const result = await sendTestAlert(post, channel, actor);
    if (result.kind === 'sent') {
      const change = { action: 'test_alert_sent', actor, at: stores.clock.now() } as const;
      await outboxRelay.publishDetached(toChange(channel, change));
    } else if (result.kind !== 'busy' || result.until !== null) parts.homeChanged(channel.teamId);
    return result;
  };
}

function createLifecycle(parts: {
  sending: ReturnType<typeof createSending>;
  publishing: ReturnType<typeof createPublishing>;
  removals: ReturnType<typeof createRemovals>;
  recovery: Recovery;
  scheduler: Scheduler | undefined;
  logger: Logger;
}) {
  const { sending, recovery } = parts;
  return {
    async prepare(): Promise<void> {
      await parts.scheduler?.start({ recover: recovery.run, open: sending.digestSchedule.open });
    },

    /** @param isNewDatabase whether no earlier process can have left anything */
    async start(isNewDatabase: boolean): Promise<void> {
      sending.leaseManager.start((abandoned) => {
        sending.wake(abandoned);
        // A dead process may have left more than what it was serving.
        recovery.begin();
      });
      if (isNewDatabase) return;
      await recovery.run().catch((error: unknown) => {
        if (isUnreachable(error)) throw error;
        parts.logger.error({ err: error }, 'recovery at the start partly failed and runs again in a minute');
      });
    },

    /** Finishes what is in progress. Nothing may be recorded after this is called. */
    async stop(): Promise<void> {
      await sending.digestSchedule.stop();
      await recovery.ended();
      await parts.removals.stop();
      await sending.sendingLock.stop();
      await sending.dispatcher.stop();
      await sending.ownerWatch.idle();
      await parts.publishing.outboxRelay.stop();
      await parts.publishing.notifier.stop();
      await sending.leaseManager.stop();
      await sending.webhook.close();
    },
  };
}
