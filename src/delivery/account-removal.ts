import type { Logger } from 'pino';
import { type Clock, later } from '../clock.ts';
import type { AuditStore } from '../store/audit.ts';
import type { ChannelAccountStore } from '../store/channel-accounts.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { EventStore } from '../store/events.ts';
import type { LinkConfirmationStore } from '../store/link-confirmations.ts';
import type { LinkStore } from '../store/links.ts';
import type { MuteStore } from '../store/mutes.ts';
import type { NoticeStore } from '../store/notices.ts';
import type { Removal, RemovalStore } from '../store/removals.ts';
import type { UntoldStore } from '../store/untold.ts';

export type AccountRemoval = ReturnType<typeof createAccountRemoval>;

/** When what was being recorded while an account was deleted has come to rest. Milliseconds. */
const restedAfterMs = 10 * 60_000;

/** Deletes all that there is of an account, in every workspace. A workspace's installation is not the account's. */
export function createAccountRemoval(parts: {
  removals: Pick<RemovalStore, 'save' | 'remove'>;
  channelAccounts: ChannelAccountStore;
  links: LinkStore;
  linkConfirmations: Pick<LinkConfirmationStore, 'removeOfAccount'>;
  events: Pick<EventStore, 'removeOfAccount'>;
  deliveries: Pick<DeliveryStore, 'removeOfAccount'>;
  mutes: Pick<MuteStore, 'removeOfAccount'>;
  audit: Pick<AuditStore, 'removeOfAccount'>;
  notices: Pick<NoticeStore, 'removeOfAccount'>;
  untold: Pick<UntoldStore, 'removeOfAccount'>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}) {
  const { removals, channelAccounts, links, clock, logger } = parts;

  async function deleteAll(accountId: string): Promise<void> {
    await channelAccounts.removeOfAccount(accountId);
    await parts.untold.removeOfAccount(accountId);
    await links.removeOfAccount(accountId);
    await parts.linkConfirmations.removeOfAccount(accountId);
    await parts.deliveries.removeOfAccount(accountId);
    await parts.events.removeOfAccount(accountId);
    await parts.mutes.removeOfAccount(accountId);
    await parts.audit.removeOfAccount(accountId);
    await parts.notices.removeOfAccount(accountId);
  }

  /** Whether it was connected or linked again after it was deleted. */
  async function isBack(accountId: string): Promise<boolean> {
    if ((await links.listByAccount(accountId)).length > 0) return true;
    return (await channelAccounts.listPage(accountId, undefined, 1)).length > 0;
  }

  async function remove(accountId: string): Promise<void> {
    const now = clock.now();
    const begun: Removal = { kind: 'account', id: accountId, removedAt: now, purgeAt: now };
    await removals.save(begun);
    await deleteAll(accountId);
    await removals.save({ ...begun, purgeAt: later(clock, restedAfterMs) });
    logger.info('an account was deleted');
  }

  return {
    /** Doing it twice, or again after a crash, does no harm. */
    remove,

    /**
     * Deletes what a process that died left, and what was recorded in the moment of the deletion; an account that came
     * back after it was deleted to the end is left alone.
     */
    async purge(removal: Removal): Promise<void> {
      const wasDeleted = removal.purgeAt > removal.removedAt;
      if (!wasDeleted) return remove(removal.id);
      if (!(await isBack(removal.id))) await deleteAll(removal.id);
      await removals.remove(removal);
    },
  };
}
