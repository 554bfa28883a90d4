import { isDeepStrictEqual } from 'node:util';
import { buildControls } from '../delivery/build-controls.ts';
import type { Mentions, OwnerMentions } from '../delivery/owner-mentions.ts';
import { arrivalsOf } from '../delivery/with-events.ts';
import type { PerlyEvent } from '../domain/event.ts';
import { mayManage, type Viewer } from '../domain/permissions.ts';
import type { Clock } from '../lib/clock.ts';
import type { ControlsByEvent } from '../messages/alert-controls.ts';
import { rebuildAlertMessage } from '../messages/alert-message.ts';
import { buildDigest } from '../messages/digest.ts';
import type { WebhookMessage } from '../messages/webhook-message.ts';
import type { Actor } from '../store/audit.ts';
import type { Channel } from '../store/channels/document.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import { withReminder } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventStore } from '../store/events.ts';
import type { Mute, MuteStore } from '../store/mutes.ts';
import { type AlertClick, createClickFinder, type Found, listEntry } from './clicked-alert.ts';
import type { People } from './people.ts';
import type { ChannelSettings } from './settings.ts';

/** `renderIfChanged` builds the message again only if somebody has changed what it shows since then. */
export type RenderedMessage = {
  message: WebhookMessage;
  renderIfChanged: () => Promise<RenderedMessage | undefined>;
};

/** `gone`: the channel serves another account. `external`: other organisations may not acknowledge there. */
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

/** `mute` is the one in force. */
type MutePrompt = { kind: 'asked'; event: PerlyEvent; channel: Channel; mute: Mute | undefined };

type Managed = { kind: 'managed'; found: Found; event: PerlyEvent; actor: Actor };

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
  const { deliveries, mutes, settings, people, clock } = parts;
  const find = createClickFinder(parts);

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
    /** Acknowledges an alert, in a digest all alerts about the same customer, together with their reminders. */
    async acknowledge(click: AlertClick): Promise<AlertActionResult> {
      const found = await find(click);
      if (found.kind !== 'found') return found;
      const { channel } = found;
      const viewer = await people.findInsider(channel, click.person);
      if (!mayAcknowledge(channel, viewer)) return { kind: 'external', managers: channel.managers };
      const entry = listEntry(click, found).map(withReminder);
      await deliveries.acknowledge(
        entry.flatMap(({ alert, reminder }) => [alert, reminder]),
        click.person.user.id,
        clock.now(),
      );
      await deliveries.dropReminders(
        entry.map(({ reminder }) => reminder),
        clock.now(),
      );
      return { kind: 'acknowledged', render: () => render(click, found) };
    },

    /** Managers undo anybody's acknowledgement, others their own. What was acknowledged after `until` stays. */
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
          own.map(withReminder),
          {
            until,
            customerId: found.clicked.event.customer.id,
            ...(!isManager && { acknowledgedBy: userId }),
          },
          { kind: 'user', teamId: viewer?.teamId ?? channel.teamId, userId },
        );
      return { kind: 'undone', render: () => render(click, found) };
    },

    async askToMute(click: AlertClick): Promise<MutePrompt | AlertActionRefusal> {
      const managed = await findManaged(click);
      if (managed.kind !== 'managed') return managed;
      const { found, event } = managed;
      const { channel, tenancy } = found;
      const muted = await mutes.listByChannel(tenancy, clock.now());
      const mute = muted.find(({ customerId }) => customerId === event.customer.id);
      return { kind: 'asked', event, channel, mute };
    },

    /** Mutes, if the person is a manager. A longer mute stays as it is. */
    async mute(
      click: AlertClick,
      wanted: { until: Date; reason?: string | undefined },
    ): Promise<AlertActionResult> {
      const managed = await findManaged(click);
      if (managed.kind !== 'managed') return managed;
      const { found, event, actor } = managed;
      const result = await settings.mute(found.tenancy, event.customer, wanted.until, actor, wanted.reason);
      if (result.kind !== 'saved') return { kind: 'gone' };
      const { until } = result;
      return {
        kind: 'muted',
        event,
        until,
        wasLonger: until > wanted.until,
        render: () => render(click, found),
      };
    },

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
