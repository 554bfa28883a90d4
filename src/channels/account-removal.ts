import type { Logger } from 'pino';
import { type Clock, later, systemClock } from '../lib/clock.ts';
import { unique } from '../lib/group-by.ts';
import type { PerlyToken } from '../lib/perly-token.ts';
import { hourMs } from '../lib/time.ts';
import type { AuditStore } from '../store/audit.ts';
import type { ChannelAccountStore } from '../store/channels/accounts.ts';
import { ConnectError } from '../store/channels/connect-guard.ts';
import type { OutboxStore } from '../store/channels/outbox.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventStore } from '../store/events.ts';
import type { LinkConfirmationStore } from '../store/link-confirmations.ts';
import type { LinkStore } from '../store/links.ts';
import type { MuteStore } from '../store/mutes.ts';
import type { OutgoingWebhookStore } from '../store/outgoing-webhooks.ts';
import type { OwnerUserStore } from '../store/owner-users.ts';
import type { OwnerStore } from '../store/owners.ts';
import type { Removal, RemovalStore } from '../store/removals.ts';
import type { UsedTokenStore } from '../store/used-tokens.ts';

export type AccountRemoval = ReturnType<typeof createAccountRemoval>;

/** Longer than a token and an install that it starts can last, and than recording events takes. */
const tombstoneMs = hourMs;

/** Deletes an account in every workspace. Installations belong to workspaces and stay. */
export function createAccountRemoval(parts: {
  removals: Pick<RemovalStore, 'replace' | 'isCurrent' | 'postpone' | 'remove' | 'findAccount'>;
  channelAccounts: ChannelAccountStore;
  links: LinkStore;
  linkConfirmations: Pick<LinkConfirmationStore, 'removeOfAccount' | 'listTeamsOfAccount'>;
  usedTokens: Pick<UsedTokenStore, 'removeOfAccount'>;
  events: Pick<EventStore, 'removeOfAccount'>;
  deliveries: Pick<DeliveryStore, 'removeOfAccount'>;
  mutes: Pick<MuteStore, 'removeOfAccount'>;
  owners: Pick<OwnerStore, 'removeOfAccount'>;
  ownerUsers: Pick<OwnerUserStore, 'removeOfAccount'>;
  audit: Pick<AuditStore, 'removeOfAccount'>;
  outgoingWebhooks: Pick<OutgoingWebhookStore, 'removeOfAccount'>;
  outbox: Pick<OutboxStore, 'removeOfAccount'>;
  homeChanged: (teamId: string) => void;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}) {
  const { removals, channelAccounts, links, linkConfirmations, homeChanged, clock, logger } = parts;

  const stores = [
    channelAccounts,
    parts.outbox,
    parts.usedTokens,
    parts.deliveries,
    parts.events,
    parts.mutes,
    parts.owners,
    parts.ownerUsers,
    parts.audit,
    parts.outgoingWebhooks,
    // Last, since whoever continues after a crash learns from these which workspaces it concerns.
    linkConfirmations,
    links,
  ];

  async function listTeams(accountId: string): Promise<string[]> {
    const shown = [channelAccounts, linkConfirmations, links];
    const found = await Promise.all(shown.map((store) => store.listTeamsOfAccount(accountId)));
    return unique(found.flat());
  }

  /** @returns false if another request finished meanwhile: the account may have come back with new data */
  async function deleteEach(begun: Removal): Promise<boolean> {
    for (const store of stores) {
      // While the deletion is current, nothing brings the account back: newer data is recorded after this.
      const until = latestOf(systemClock.now(), clock.now());
      if (!(await removals.isCurrent(begun))) return false;
      await store.removeOfAccount(begun.id, until);
    }
    return true;
  }

  async function deleteAll(begun: Removal): Promise<boolean> {
    const teamIds = await listTeams(begun.id);
    const isDone = await deleteEach(begun);
    for (const teamId of teamIds) homeChanged(teamId);
    return isDone;
  }

  function isRefused(removal: Removal | undefined, issuedAt: Date | undefined): boolean {
    if (removal === undefined) return false;
    if (isUnfinished(removal) || removal.tokensUntil === undefined) return true;
    return issuedAt === undefined ? removal.backSince === undefined : issuedAt <= removal.tokensUntil;
  }

  async function admit(accountId: string, issuedAt: Date | undefined): Promise<void> {
    for (;;) {
      const removal = await removals.findAccount(accountId);
      if (isRefused(removal, issuedAt)) throw refusal();
      if (removal === undefined || removal.backSince !== undefined || issuedAt === undefined) return;
      if (await removals.replace(removal, { ...removal, backSince: issuedAt })) return;
    }
  }

  /** Continues an unfinished deletion; the first caller to finish ends it for all. */
  async function replace(
    earlier: Removal | undefined,
    accountId: string,
    tokensUntil: Date,
  ): Promise<boolean> {
    const now = clock.now();
    const begun: Removal =
      earlier !== undefined && isUnfinished(earlier)
        ? { ...earlier, tokensUntil: latestOf(earlier.tokensUntil, tokensUntil) }
        : { kind: 'account', id: accountId, removedAt: now, purgeAt: now, tokensUntil };
    if (!(await removals.replace(earlier, begun)) || !(await deleteAll(begun))) return false;
    if (!(await removals.postpone(begun, later(clock, tombstoneMs)))) return false;
    logger.info('deleted an account');
    return true;
  }

  return {
    /**
     * Idempotent: a request older than the token that brought the account back deletes nothing.
     * @returns whether the account is completely deleted
     */
    async remove(accountId: string, requestedAt: Date): Promise<boolean> {
      for (;;) {
        const earlier = await removals.findAccount(accountId);
        const { backSince, tokensUntil } = earlier ?? {};
        if (backSince !== undefined && requestedAt < backSince) return false;
        const isRepeat = backSince === undefined && tokensUntil !== undefined && requestedAt <= tokensUntil;
        // Tokens carry Perly's time, and Perly's clock may be ahead.
        const latest = latestOf(systemClock.now(), requestedAt);
        if (await replace(earlier, accountId, isRepeat ? tokensUntil : latest)) return true;
      }
    },

    async isRevoked({ accountId, issuedAt }: Pick<PerlyToken, 'accountId' | 'issuedAt'>): Promise<boolean> {
      return isRefused(await removals.findAccount(accountId), issuedAt);
    },

    /**
     * @param issuedAt when Perly signed the token; without one, the account has to exist
     * @param undo reverts only what `work` did, if the account was deleted during it
     * @throws ConnectError `account_deleted`
     */
    async unlessDeleted<T>(
      accountId: string,
      issuedAt: Date | undefined,
      work: () => Promise<T>,
      undo: (done: T) => Promise<unknown>,
    ): Promise<T> {
      await admit(accountId, issuedAt);
      const done = await work();
      if (!isRefused(await removals.findAccount(accountId), issuedAt)) return done;
      await undo(done);
      throw refusal();
    },

    /** Deletes what a crash left and what was recorded meanwhile, unless the account has come back since. */
    async purge(removal: Removal): Promise<void> {
      if (isUnfinished(removal)) {
        await replace(removal, removal.id, removal.tokensUntil ?? systemClock.now());
        return;
      }
      if (removal.backSince !== undefined) return removals.remove(removal);
      const claimed = { ...removal, purgeAt: removal.removedAt };
      // From here on, nothing brings the account back until it is gone.
      if (!(await removals.replace(removal, claimed))) return;
      if (await deleteAll(claimed)) await removals.remove(claimed);
    },
  };
}

/** The process that started the removal may have died. */
function isUnfinished({ purgeAt, removedAt }: Removal): boolean {
  return purgeAt <= removedAt;
}

function latestOf(one: Date | undefined, other: Date): Date {
  return one !== undefined && one > other ? one : other;
}

function refusal(): ConnectError {
  return new ConnectError('account_deleted', 'The account was deleted after this was started.');
}
