import type { PerlyEvent } from '../domain/event.ts';
import type { MentionOwner } from '../domain/rules.ts';
import { createExpiringCache } from '../lib/expiring-cache.ts';
import { minuteMs } from '../lib/time.ts';
import type { SendableChannel } from '../store/channels/document.ts';
import { type ChannelStore, teamIdOf } from '../store/channels/store.ts';
import type { OwnersPlace, OwnerUser, OwnerUserStore } from '../store/owner-users.ts';
import type { DeliveryWithEvent } from './with-events.ts';

type MentionPlace = Pick<
  SendableChannel,
  'id' | 'accountId' | 'rulesEpoch' | 'mentionOwner' | 'ownersVersion'
>;

/** The Slack users to mention, by event id. */
export type Mentions = ReadonlyMap<string, string>;

export type OwnerMentions = ReturnType<typeof createOwnerMentions>;

/** Maximum number of cached owners, in total and of a place; a place with more is not cached. */
const maxKept = 100_000;
const maxOfPlace = 10_000;

/** A change gives the place's channels a new version; this is for a process that dies before that. */
const keptMs = 5 * minuteMs;

type Users = ReadonlyMap<string, string>;

const none: Mentions = new Map();

/** Finds whom alerts mention: only the Slack users of the customers' owners. */
export function createOwnerMentions({
  channels,
  ownerUsers,
}: {
  channels: Pick<ChannelStore, 'findSendable'>;
  ownerUsers: Pick<OwnerUserStore, 'list' | 'listByIds'>;
}) {
  const known = createExpiringCache<Users | 'too many'>({
    maxSize: maxKept,
    sizeCalculation: (users) => (users === 'too many' ? 1 : users.size + 1),
    ttl: keptMs,
  });

  async function listAll(place: OwnersPlace, version: string): Promise<Users | 'too many'> {
    const key = JSON.stringify([place.teamId, place.accountId, version]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const listed = await ownerUsers.list(place, maxOfPlace + 1);
    const users = listed.length > maxOfPlace ? 'too many' : toUsers(listed);
    known.set(key, users);
    return users;
  }

  async function usersOf(place: OwnersPlace, version: string, events: readonly PerlyEvent[]): Promise<Users> {
    const all = await listAll(place, version);
    if (all !== 'too many') return all;
    const ids = new Set(events.flatMap(({ customer: { owner } }) => owner?.id ?? []));
    return toUsers(await ownerUsers.listByIds(place, [...ids]));
  }

  /** Reads a channel again if its rules or its owners' users changed after it was read. */
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
    const place = { teamId: teamIdOf(id), accountId: given.accountId };
    const events = mentioning.map(({ event }) => event);
    const users = await usersOf(place, ownersVersion, events);
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

function toUsers(listed: readonly OwnerUser[]): Users {
  return new Map(listed.map(({ id, userId }) => [id, userId]));
}
