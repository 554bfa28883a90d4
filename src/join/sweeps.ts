import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { createBrokenChannelRecovery } from '../delivery/broken-channels.ts';
import type { Endings } from '../delivery/endings.ts';
import { forEachAlone } from '../delivery/for-each-alone.ts';
import type { Greeter } from '../delivery/greeter.ts';
import type { Mover } from '../delivery/move.ts';
import type { Observer } from '../delivery/observer.ts';
import { type FollowUp, redecide } from '../delivery/redecide.ts';
import { createSweep } from '../delivery/sweep.ts';
import type { Teller } from '../delivery/tell.ts';
import type { WebhookClient } from '../slack/webhook/webhook-client.ts';
import type { LeaseStore } from '../store/leases.ts';
import { mendStragglers } from '../store/schema/migrate.ts';
import type { joinRemovals } from './removals.ts';
import type { Stores } from './stores.ts';

/**
 * Joins all recovery: what each part left half done, channels without a process that serves them, broken channels.
 *
 * @param parts.before what each part recovers by itself, which comes first
 */
export function joinSweeps(parts: {
  db: Db;
  stores: Stores & { clock: Clock };
  leases: LeaseStore;
  webhook: Pick<WebhookClient, 'post'>;
  greet: Greeter['greet'];
  tell: Teller['tell'];
  follow: (followUp: FollowUp) => void;
  mover: Pick<Mover, 'resume'>;
  endings: Pick<Endings, 'recover' | 'endLate'>;
  removals: Pick<ReturnType<typeof joinRemovals>, 'recover' | 'keepUp'>;
  before: readonly (() => Promise<void>)[];
  observer: Observer;
  homeChanged: (teamId: string) => void;
  logger: Logger;
}) {
  const { db, stores, follow, removals, logger } = parts;
  const recoverBrokenChannels = createBrokenChannelRecovery({
    ...parts,
    ...stores,
    redecide: async (channelId) => follow(await redecide(stores, channelId)),
  });
  const sweepChannels = createSweep({
    ...parts,
    ...stores,
    mend: () => mendStragglers(db),
    redecide: (channelId) => redecide(stores, channelId),
    recoverRemovals: removals.recover,
    onTrouble: parts.homeChanged,
  });
  const all = [...parts.before, sweepChannels, recoverBrokenChannels, removals.keepUp];
  const sweep = () => forEachAlone(all, (each) => each());

  let sweeping: Promise<void> | undefined;
  return {
    /** Recovers all that there is now. */
    sweep,

    /** The same without anybody who waits for it, unless it is under way. */
    begin(): void {
      sweeping ??= sweep()
        .catch((error: unknown) => logger.error({ err: error }, 'a sweep failed and comes again in a minute'))
        .finally(() => {
          sweeping = undefined;
        });
    },

    /** Resolves when none is under way that was begun. */
    ended: async (): Promise<void> => sweeping,
  };
}
