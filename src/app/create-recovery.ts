import type { Logger } from 'pino';
import type { OutboxRelay } from '../channels/outbox-relay.ts';
import type { TenancyCleanup } from '../channels/tenancy-cleanup.ts';
import type { Observer } from '../delivery/observer.ts';
import { createBrokenChannelRecovery } from '../delivery/recover-broken.ts';
import { createChannelRecovery } from '../delivery/recover-channels.ts';
import type { RecoveryStep } from '../delivery/recovery.ts';
import { type NextSteps, reevaluateHeld } from '../delivery/reevaluate-held.ts';
import { createReminders } from '../delivery/remind.ts';
import type { SendingLock } from '../delivery/sending-lock.ts';
import type { WebhookClient } from '../delivery/webhook/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { FairLimit } from '../lib/fair-limit.ts';
import type { LeaseStore } from '../store/leases.ts';
import type { Stores } from './create-stores.ts';

/** @returns two lists: `first` re-evaluates and repairs what the steps in `last` send */
export function listDeliveryRecovery(parts: {
  stores: Stores & { clock: Clock };
  leases: LeaseStore;
  webhook: Pick<WebhookClient, 'post'>;
  slots: FairLimit;
  withSendingPaused: SendingLock['withSendingPaused'];
  publish: OutboxRelay['publish'];
  scheduleNext: (nextSteps: NextSteps) => void;
  tenancyCleanup: Pick<TenancyCleanup, 'endLate'>;
  observer: Observer;
  homeChanged: (teamId: string) => void;
  logger: Logger;
}): { first: RecoveryStep[]; last: RecoveryStep[] } {
  const { stores, scheduleNext } = parts;
  const channels = createChannelRecovery({
    ...parts,
    ...stores,
    reevaluateHeld: (channelId) => reevaluateHeld(stores, channelId),
    endLate: parts.tenancyCleanup.endLate,
    onTrouble: parts.homeChanged,
  });
  const recoverBroken = createBrokenChannelRecovery({
    ...parts,
    ...stores,
    reevaluateHeld: async (channelId) => scheduleNext(await reevaluateHeld(stores, channelId)),
  });
  return {
    first: [
      { name: 'changed rules', run: channels.reevaluateChanged },
      { name: 'ended troubles', run: channels.endTroubles },
    ],
    last: [
      { name: 'reminders', run: createReminders({ ...parts, ...stores }) },
      { name: 'due deliveries', run: channels.takeOverDue },
      { name: 'openings', run: channels.planOpenings },
      { name: 'broken channels', run: recoverBroken },
    ],
  };
}
