import { isDeepStrictEqual } from 'node:util';
import { buildControls } from '../delivery/build-controls.ts';
import { maxDigestAlerts } from '../delivery/build-next-digest.ts';
import type { Mentions, OwnerMentions } from '../delivery/owner-mentions.ts';
import { arrivalsOf, type DeliveryWithEvent, withEvents } from '../delivery/with-events.ts';
import type { PerlyEvent } from '../domain/event.ts';
import { mayManage, type Viewer } from '../domain/permissions.ts';
import { type Clock, later } from '../lib/clock.ts';
import { dayMs } from '../lib/time.ts';
import { type ControlsByEvent, type MutePeriod, muteOptions } from '../messages/alert-controls.ts';
import { rebuildAlertMessage } from '../messages/alert-message.ts';
import { buildDigest } from '../messages/digest.ts';
import type { PostedMessage } from '../messages/parse-posted-message.ts';
import type { WebhookMessage } from '../messages/webhook-message.ts';
import type { Actor } from '../store/audit.ts';
import type { Channel } from '../store/channels/document.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventStore } from '../store/events.ts';
import type { MuteStore } from '../store/mutes.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';
import type { People, Person } from './people.ts';
import type { ChannelSettings } from './settings.ts';

/** The alert whose controls were used, and the message it is in. The alert determines the channel. */
export type AlertClick = {
  person: Person;
  ref: string;
  revision: number;
  posted: PostedMessage;
};

/** A message as it has to be now. `renderIfChanged` builds it again only if somebody changed what it shows since. */
export type RenderedMessage = {
  message: WebhookMessage;
  renderIfChanged: () => Promise<RenderedMessage | undefined>;
};

/**
 * Result of a click: `render` returns the message as it is now; the alert no longer exists (`unknown`); the channel
 * does not serve the alert's account (`gone`); the person is not a manager; neither is nor acknowledged it
 * (`not_acknowledger`); or is from another organisation, which may not acknowledge there (`external`).
 */
export type AlertActionResult =
  | { kind: 'acknowledged' | 'undone'; render: () => Promise<RenderedMessage> }
  | {
      kind: 'muted';
      event: PerlyEvent;
      until: Date;
      wasLonger: boolean;
      render: () => Promise<RenderedMessage>;
    }
  | { kind: 'unmuted'; event: PerlyEvent; render: () => Promise<RenderedMessage> }
  | AlertActionRefusal;

export type AlertActionRefusal =
  | { kind: 'unknown' }
  | { kind: 'gone' }
  | { kind: 'not_manager'; managers: Channel['managers']; isInsider: boolean }
  | { kind: 'not_acknowledger'; acknowledgedBy: string[]; managers: Channel['managers'] }
  | { kind: 'external'; managers: Channel['managers'] };

/** The customer that a click would mute, in which channel, and the end of an existing mute. */
type MutePrompt = { kind: 'asked'; event: PerlyEvent; channel: Channel; mutedUntil: Date | undefined };

type Managed = { kind: 'managed'; found: Found; event: PerlyEvent; actor: Actor };

type Found = {
  kind: 'found';
  channel: Channel;
  tenancy: Tenancy;
  clicked: DeliveryWithEvent;
  pairs: DeliveryWithEvent[];
};

export type AlertActions = ReturnType<typeof createAlertActions>;

export function createAlertActions(parts: {
  channels: ChannelStore;
  deliveries: DeliveryStore;
  events: EventStore;
  mutes: MuteStore;
  findMentions: OwnerMentions;
  settings: Pick<ChannelSettings, 'mute' | 'unmute' | 'undoAcknowledge'>;
  people: Pick<People, 'findInsider'>;
  clock: Pick<Clock, 'now'>;
}) {
  const { channels, deliveries, events, mutes, settings, people, clock } = parts;

  /**
   * The alerts of the message, in its order, and the one that was clicked. Nobody may act on a message of an account
   * that the channel no longer serves.
   */
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

  /**
   * Lists the deliveries that were sent with the entries of a digest. If Slack accepted a digest but the answer was
   * lost, they are still pending, or were sent in other messages.
   */
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

  /** The controls of the message's alerts, with what people did with them until now. */
  async function readControls(click: AlertClick, found: Found): Promise<ControlsByEvent> {
    const { tenancy, pairs } = found;
    const [now, muted, mentions] = await Promise.all([
      deliveries.listByIds(pairs.map(({ delivery }) => delivery._id)),
      mutes.listByChannel(tenancy, clock.now()),
      click.posted.kind === 'alerts' ? listMentions(found) : undefined,
    ]);
    const byId = new Map(now.map((delivery) => [delivery._id, delivery]));
    return buildControls(
      pairs.map(({ delivery, event }) => ({ delivery: byId.get(delivery._id) ?? delivery, event })),
      { mutes: muted, revision: click.revision + 1, ...(mentions && { mentions }) },
    );
  }

  function listMentions({ channel, pairs }: Found): Promise<Mentions> {
    const { _id: id, rules } = channel;
    return parts.findMentions({ ...channel, id, mentionOwner: rules.mentionOwner }, pairs);
  }

  function build(
    { posted, revision }: AlertClick,
    { pairs }: Found,
    controls: ControlsByEvent,
  ): WebhookMessage {
    const shown = pairs.map(({ event }) => event);
    if (posted.kind === 'alerts') return rebuildAlertMessage(shown, controls);
    const { reason, part } = posted;
    return buildDigest({
      events: shown,
      arrivals: arrivalsOf(pairs),
      reason,
      ...(part !== undefined && { part }),
      controls,
      revision: revision + 1,
    });
  }

  async function render(click: AlertClick, found: Found): Promise<RenderedMessage> {
    return toRendered(click, found, await readControls(click, found));
  }

  function toRendered(click: AlertClick, found: Found, controls: ControlsByEvent): RenderedMessage {
    return {
      message: build(click, found, controls),
      async renderIfChanged() {
        const now = await readControls(click, found);
        return isDeepStrictEqual(now, controls) ? undefined : toRendered(click, found, now);
      },
    };
  }

  async function findManaged(click: AlertClick): Promise<Managed | AlertActionRefusal> {
    const found = await find(click);
    if (found.kind !== 'found') return found;
    const { channel } = found;
    const viewer = await people.findInsider(channel, click.person);
    if (viewer === undefined || !mayManage(channel, viewer))
      return { kind: 'not_manager', managers: channel.managers, isInsider: viewer !== undefined };
    return { kind: 'managed', found, event: found.clicked.event, actor: { kind: 'user', ...viewer } };
  }

  return {
    /** Acknowledges an alert; in a digest, all alerts about the same customer. */
    async acknowledge(click: AlertClick): Promise<AlertActionResult> {
      const found = await find(click);
      if (found.kind !== 'found') return found;
      const { channel } = found;
      const viewer = await people.findInsider(channel, click.person);
      if (!mayAcknowledge(channel, viewer)) return { kind: 'external', managers: channel.managers };
      await deliveries.acknowledge(
        listEntry(click, found).map(({ _id }) => _id),
        click.person.user.id,
        clock.now(),
      );
      return { kind: 'acknowledged', render: () => render(click, found) };
    },

    /**
     * Undoes the acknowledgement of an alert, or of a digest's alerts about one customer: a manager anybody's, others
     * their own. What was acknowledged later than `until` stays.
     */
    async undoAcknowledge(click: AlertClick, until: Date): Promise<AlertActionResult> {
      const found = await find(click);
      if (found.kind !== 'found') return found;
      const { channel, tenancy } = found;
      const viewer = await people.findInsider(channel, click.person);
      if (!mayAcknowledge(channel, viewer)) return { kind: 'external', managers: channel.managers };
      const userId = click.person.user.id;
      const isManager = viewer !== undefined && mayManage(channel, viewer);
      const seen = listEntry(click, found).filter(
        ({ acknowledgedAt }) => acknowledgedAt !== null && acknowledgedAt <= until,
      );
      const own = seen.filter(({ acknowledgedBy }) => isManager || acknowledgedBy === userId);
      const acknowledgedBy = [...new Set(seen.flatMap((one) => one.acknowledgedBy ?? []))];
      if (seen.length > 0 && own.length === 0)
        return { kind: 'not_acknowledger', acknowledgedBy, managers: channel.managers };
      if (own.length > 0)
        await settings.undoAcknowledge(
          tenancy,
          own.map(({ _id }) => _id),
          {
            until,
            customerId: found.clicked.event.customer.id,
            ...(!isManager && { acknowledgedBy: userId }),
          },
          { kind: 'user', teamId: viewer?.teamId ?? channel.teamId, userId },
        );
      return { kind: 'undone', render: () => render(click, found) };
    },

    /** Looks up what to ask before muting the alert's customer; only managers are asked. */
    async askToMute(click: AlertClick): Promise<MutePrompt | AlertActionRefusal> {
      const managed = await findManaged(click);
      if (managed.kind !== 'managed') return managed;
      const { found, event } = managed;
      const { channel, tenancy } = found;
      const muted = await mutes.listByChannel(tenancy, clock.now());
      const mutedUntil = muted.find(({ customerId }) => customerId === event.customer.id)?.until;
      return { kind: 'asked', event, channel, mutedUntil };
    },

    /** Mutes the alert's customer in the channel. Managers only. A longer mute stays as it is. */
    async mute(click: AlertClick, period: MutePeriod): Promise<AlertActionResult> {
      const managed = await findManaged(click);
      if (managed.kind !== 'managed') return managed;
      const { found, event, actor } = managed;
      const wanted = later(clock, muteOptions[period].days * dayMs);
      const result = await settings.mute(found.tenancy, event.customer, wanted, actor);
      if (result.kind !== 'saved') return { kind: 'gone' };
      const { until } = result;
      return { kind: 'muted', event, until, wasLonger: until > wanted, render: () => render(click, found) };
    },

    /** Unmutes the alert's customer in the channel. Managers only. */
    async unmute(click: AlertClick): Promise<AlertActionResult> {
      const managed = await findManaged(click);
      if (managed.kind !== 'managed') return managed;
      const { found, event, actor } = managed;
      const { kind } = await settings.unmute(found.tenancy, event.customer.id, actor);
      if (kind !== 'saved') return { kind: 'gone' };
      return { kind: 'unmuted', event, render: () => render(click, found) };
    },
  };
}

function mayAcknowledge({ externalAcknowledge }: Channel, viewer: Viewer | undefined): boolean {
  return externalAcknowledge === true || viewer !== undefined;
}

/** The alert that was clicked; in a digest, all alerts about its customer. */
function listEntry({ posted }: AlertClick, { clicked, pairs }: Found): DeliveryDocument[] {
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
