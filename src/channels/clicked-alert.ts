import { maxDigestAlerts } from '../delivery/build-next-digest.ts';
import { type DeliveryWithEvent, withEvents } from '../delivery/with-events.ts';
import type { PostedMessage } from '../messages/parse-posted-message.ts';
import type { Channel } from '../store/channels/document.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventStore } from '../store/events.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';
import type { Person } from './people.ts';

/** A click names an alert, and the alert determines the channel. */
export type AlertClick = {
  person: Person;
  ref: string;
  revision: number;
  posted: PostedMessage;
};

export type Found = {
  kind: 'found';
  channel: Channel;
  tenancy: Tenancy;
  clicked: DeliveryWithEvent;
  pairs: DeliveryWithEvent[];
};

export function createClickFinder({
  channels,
  deliveries,
  events,
}: {
  channels: ChannelStore;
  deliveries: DeliveryStore;
  events: EventStore;
}) {
  return find;

  /** Refuses actions on messages of an account that the channel no longer serves. */
  async function find(click: AlertClick): Promise<Found | { kind: 'unknown' } | { kind: 'gone' }> {
    const { posted, ref } = click;
    const channelId = await deliveries.findChannelOfRef(ref);
    const channel = channelId === undefined ? undefined : await channels.find(channelId);
    if (channel === undefined) return { kind: 'unknown' };
    const tenancy = channel.status === 'disconnected' ? undefined : tenancyOf(channel);
    if (tenancy === undefined) return { kind: 'gone' };
    const isListed = posted.kind === 'alerts' || (posted.isWhole && posted.refs.includes(ref));
    const refs = isListed ? posted.refs : [ref];
    const found = new Map((await deliveries.listByRefs(tenancy, refs)).map((one) => [one.ref, one]));
    const own = found.get(ref);
    if (own === undefined) return { kind: 'gone' };
    const shown = refs.flatMap((one) => found.get(one) ?? []);
    const all = posted.kind === 'alerts' ? shown : await listDigest(own, shown);
    const { pairs: known, orphans } = await withEvents(events, all);
    const pairs = posted.kind === 'digest' && isListed ? onCustomersOf(known, refs) : known;
    const clicked = pairs.find(({ delivery }) => delivery.ref === ref);
    // A message with a deleted alert cannot be rebuilt.
    if (clicked === undefined || orphans.length > 0 || pairs.length < refs.length) return { kind: 'unknown' };
    return { kind: 'found', channel, tenancy, clicked, pairs };
  }

  /** Lists a digest. If Slack's answer was lost, some are pending, or were sent in other messages. */
  async function listDigest(
    own: DeliveryDocument,
    shown: readonly DeliveryDocument[],
  ): Promise<DeliveryDocument[]> {
    const sent = new Map(
      shown.filter(({ state }) => state === 'sent').map((one) => [one.finishedAt?.getTime(), one]),
    );
    const lists = await Promise.all([
      ...[...sent.values()].map((one) => deliveries.listSentWith(one)),
      ...(shown.some(({ state }) => state === 'pending')
        ? [deliveries.listDigest(own, maxDigestAlerts)]
        : []),
    ]);
    const byId = new Map([...shown, ...lists.flat()].map((delivery) => [delivery._id, delivery]));
    return [...byId.values()].sort((a, b) => a.sequence - b.sequence);
  }
}

/** Lists the clicked alert, or in a digest all alerts about its customer. */
export function listEntry({ posted }: AlertClick, { clicked, pairs }: Found): DeliveryDocument[] {
  const entry =
    posted.kind === 'alerts'
      ? [clicked]
      : pairs.filter(({ event }) => event.customer.id === clicked.event.customer.id);
  return entry.map(({ delivery }) => delivery);
}

function onCustomersOf(pairs: readonly DeliveryWithEvent[], refs: readonly string[]): DeliveryWithEvent[] {
  const heads = pairs.filter(({ delivery }) => refs.includes(delivery.ref));
  const ids = new Set(heads.map(({ event }) => event.customer.id));
  return pairs.filter(({ event }) => ids.has(event.customer.id));
}
