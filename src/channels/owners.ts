import { forEachIsolated } from '../delivery/for-each-isolated.ts';
import type { Owner } from '../domain/owner.ts';
import type { Clock } from '../lib/clock.ts';
import type { Actor, AuditStore } from '../store/audit.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import type { LinkStore } from '../store/links.ts';
import type { ChangedOwner, OwnersPlace, OwnerUserStore } from '../store/owner-users.ts';
import type { OwnerStore } from '../store/owners.ts';

/** `userId` is `null` if nobody has said who the owner is in Slack. */
export type OwnerEntry = Owner & { userId: string | null };

export type Owners = ReturnType<typeof createOwners>;

export function createOwners(parts: {
  channels: Pick<ChannelStore, 'markOwnersChanged'>;
  links: Pick<LinkStore, 'listByTeam'>;
  owners: Pick<OwnerStore, 'listByAccount'>;
  ownerUsers: OwnerUserStore;
  audit: Pick<AuditStore, 'add'>;
  homeChanged: (teamId: string, userId?: string) => void;
  clock: Pick<Clock, 'now'>;
}) {
  const { channels, links, owners, ownerUsers, audit, clock } = parts;

  async function isLinked({ teamId, accountId }: OwnersPlace): Promise<boolean> {
    return (await links.listByTeam(teamId)).some((link) => link.accountId === accountId);
  }

  /** Idempotent. */
  async function publish(changed: ChangedOwner): Promise<void> {
    const { place, ownerId, outbox } = changed;
    for (const { id, at, actor, before, after } of outbox)
      await audit.add(id, {
        ...place,
        at,
        channelId: null,
        actor,
        action: 'owner_user_changed',
        before: { ownerId, userId: before },
        after: { ownerId, userId: after },
      });
    await channels.markOwnersChanged(place.teamId, place.accountId);
    await ownerUsers.markPublished(changed);
    const actor = outbox.at(-1)?.actor;
    parts.homeChanged(place.teamId, actor?.kind === 'user' ? actor.userId : undefined);
  }

  return {
    isLinked,

    /** Lists owners seen in the last 30 days or with a Slack user: first those without one, then by name. */
    async list(place: OwnersPlace): Promise<OwnerEntry[]> {
      const [seen, users] = await Promise.all([
        owners.listByAccount(place.accountId, clock.now()),
        ownerUsers.list(place),
      ]);
      const byId = new Map<string, OwnerEntry>(users.map((user) => [user.id, user]));
      for (const owner of seen) byId.set(owner.id, { ...owner, userId: byId.get(owner.id)?.userId ?? null });
      return [...byId.values()].sort(withoutUserFirst);
    },

    async listSeen(accountId: string): Promise<Owner[]> {
      const seen = await owners.listByAccount(accountId, clock.now());
      return seen.sort((one, other) => compareNames(one, other));
    },

    /** @returns whether workspace and account are linked; otherwise nothing is kept */
    async setUser(place: OwnersPlace, owner: Owner, userId: string, actor: Actor): Promise<boolean> {
      if (!(await isLinked(place))) return false;
      const set = await ownerUsers.save(place, { ...owner, userId }, actor, clock.now());
      // They may have been unlinked meanwhile.
      const isKept = await isLinked(place);
      const removed = isKept ? undefined : await ownerUsers.remove(place, owner.id, actor, clock.now());
      const changed = removed ?? set;
      if (changed.outbox.length > 0) await publish(changed);
      return isKept;
    },

    /** @returns whether workspace and account are linked */
    async removeUser(place: OwnersPlace, ownerId: string, actor: Actor): Promise<boolean> {
      if (!(await isLinked(place))) return false;
      const removed = await ownerUsers.remove(place, ownerId, actor, clock.now());
      if (removed !== undefined) await publish(removed);
      return true;
    },

    async recover(): Promise<void> {
      await forEachIsolated(await ownerUsers.listUnpublished(), publish);
    },
  };
}

function withoutUserFirst(one: OwnerEntry, other: OwnerEntry): number {
  return Number(one.userId !== null) - Number(other.userId !== null) || compareNames(one, other);
}

function compareNames(one: Owner, other: Owner): number {
  return one.name.localeCompare(other.name, 'en') || (one.id < other.id ? -1 : 1);
}
