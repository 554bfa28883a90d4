import type { Logger } from 'pino';
import type { TenancyEnder } from '../channels/end-tenancy.ts';
import type { ChannelMover } from '../channels/move.ts';
import type { OutboxRelay } from '../channels/outbox-relay.ts';
import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import type { Observer } from '../delivery/observer.ts';
import { createBrokenChannelRecovery } from '../delivery/recover-broken.ts';
import { createRecovery } from '../delivery/recovery.ts';
import { type NextSteps, reevaluateHeld } from '../delivery/reevaluate-held.ts';
import type { SendingLock } from '../delivery/sending-lock.ts';
import type { WebhookClient } from '../delivery/webhook/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { FairLimit } from '../lib/fair-limit.ts';
import type { LeaseStore } from '../store/leases.ts';
import type { createRemovals } from './create-removals.ts';
import type { Stores } from './create-stores.ts';

/**
 * Joins all recovery: what each part left half done, channels without a process that serves them, broken channels.
 *
 * @param parts.before what each part recovers by itself, which comes first
 */
export function createRecoveryRuns(parts: {
  stores: Stores & { clock: Clock };
  leases: LeaseStore;
  webhook: Pick<WebhookClient, 'post'>;
  slots: FairLimit;
  withSendingPaused: SendingLock['withSendingPaused'];
  publish: OutboxRelay['publish'];
  scheduleNext: (nextSteps: NextSteps) => void;
  mover: Pick<ChannelMover, 'resume'>;
  tenancyEnder: Pick<TenancyEnder, 'recover' | 'endLate'>;
  removals: Pick<ReturnType<typeof createRemovals>, 'recover' | 'runDaily'>;
  before: readonly (() => Promise<void>)[];
  observer: Observer;
  homeChanged: (teamId: string) => void;
  logger: Logger;
}) {
  const { stores, scheduleNext, removals, logger } = parts;
  const recoverBrokenChannels = createBrokenChannelRecovery({
    ...parts,
    ...stores,
    reevaluateHeld: async (channelId) => scheduleNext(await reevaluateHeld(stores, channelId)),
  });
  const recoverChannels = createRecovery({
    ...parts,
    ...stores,
    reevaluateHeld: (channelId) => reevaluateHeld(stores, channelId),
    recoverRemovals: removals.recover,
    onTrouble: parts.homeChanged,
  });
  const all = [...parts.before, recoverChannels, recoverBrokenChannels, removals.runDaily];
  const recover = () => forEachIsolated(all, (each) => each());

  let recovering: Promise<void> | undefined;
  return {
    /** Recovers all that there is now. */
    recover,

    /** The same without anybody who waits for it, unless it is under way. */
    begin(): void {
      recovering ??= recover()
        .catch((error: unknown) => logger.error({ err: error }, 'recovery failed and runs again in a minute'))
        .finally(() => {
          recovering = undefined;
        });
    },

    /** Resolves when none is under way that was begun. */
    ended: async (): Promise<void> => recovering,
  };
}
