import { LRUCache } from 'lru-cache';
import type { PerlyEvent } from '../domain/event.ts';
import type { MentionOwner } from '../domain/rules.ts';
import { minuteMs } from '../lib/time.ts';
import type { SendableChannel } from '../store/channels/document.ts';
import { type ChannelStore, teamIdOf } from '../store/channels/store.ts';
import type { OwnerUserStore } from '../store/owner-users.ts';
import type { DeliveryWithEvent } from './with-events.ts';

/** A channel, the rule for mentions in it, and the version of its owners' Slack users. */
type MentionPlace = Pick<
  SendableChannel,
  'id' | 'accountId' | 'rulesEpoch' | 'mentionOwner' | 'ownersVersion'
>;

/** The Slack users to mention, by event id. */
export type Mentions = ReadonlyMap<string, string>;

export type OwnerMentions = ReturnType<typeof createOwnerMentions>;

/**
 * Workspaces with an account whose owners a process keeps in memory. A change gives their channels a new version; the
 * time limits what is lost if the process that made the change dies in between.
 */
const cached = { max: 2000, ttl: 5 * minuteMs };

const none: Mentions = new Map();

/** Finds whom alerts mention: the Slack users of their customers' owners, and nobody else. */
export function createOwnerMentions({
  channels,
  ownerUsers,
}: {
  channels: Pick<ChannelStore, 'findSendable'>;
  ownerUsers: Pick<OwnerUserStore, 'list'>;
}) {
  const known = new LRUCache<string, Map<string, string>>(cached);

  async function usersOf(
    channelId: string,
    accountId: string,
    version: string,
  ): Promise<Map<string, string>> {
    const place = { teamId: teamIdOf(channelId), accountId };
    const key = JSON.stringify([place.teamId, accountId, version]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const users = new Map((await ownerUsers.list(place)).map(({ id, userId }) => [id, userId]));
    known.set(key, users);
    return users;
  }

  /** A channel that was read before its rules or its owners' users changed is read again. */
  async function refresh(place: MentionPlace, pairs: readonly DeliveryWithEvent[]): Promise<MentionPlace> {
    const isOld = pairs.some(({ delivery }) => delivery.rulesEpoch > place.rulesEpoch);
    return isOld ? ((await channels.findSendable(place.id)) ?? place) : place;
  }

  return async (given: MentionPlace, pairs: readonly DeliveryWithEvent[]): Promise<Mentions> => {
    if (given.accountId === null || pairs.every(({ event }) => event.customer.owner === undefined))
      return none;
    const { id, mentionOwner = 'never', ownersVersion } = await refresh(given, pairs);
    if (ownersVersion === undefined) return none;
    const mentioning = pairs.filter(({ event }) => isMentioning(event, mentionOwner));
    if (mentioning.length === 0) return none;
    const users = await usersOf(id, given.accountId, ownersVersion);
    return new Map(
      mentioning.flatMap(({ event: { id: eventId, customer } }) => {
        const userId = customer.owner && users.get(customer.owner.id);
        return userId === undefined ? [] : [[eventId, userId]];
      }),
    );
  };
}

function isMentioning({ customer, risk_level: level }: PerlyEvent, rule: MentionOwner): boolean {
  if (customer.owner === undefined || rule === 'never') return false;
  return rule === 'always' || level === 'high' || level === 'critical';
}
