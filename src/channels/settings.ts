import { type NextSteps, reevaluateHeld } from '../delivery/reevaluate-held.ts';
import type { SendingLock } from '../delivery/sending-lock.ts';
import type { Rules } from '../domain/rules.ts';
import type { Clock } from '../lib/clock.ts';
import type { Actor, AuditAction } from '../store/audit.ts';
import type { Channel } from '../store/channels/document.ts';
import type { ChannelStore, SettingsChange } from '../store/channels/store.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventStore } from '../store/events.ts';
import type { MuteStore } from '../store/mutes.ts';
import { afterRemoval } from '../store/retention.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';
import type { Muting } from './mute.ts';
import { type OutboxRelay, toChange } from './outbox-relay.ts';
import type { TenancyCleanup } from './tenancy-cleanup.ts';

/** `outdated`: the channel was changed since it was read. `gone`: it is not connected any more. */
export type SettingsResult =
  | { kind: 'saved'; channel: Channel }
  | { kind: 'outdated'; channel: Channel }
  | { kind: 'gone' };

export type ChannelSettings = ReturnType<typeof createChannelSettings>;

/** Audits and publishes people's changes, and applies them to held deliveries. Callers check permissions. */
export function createChannelSettings(parts: {
  channels: ChannelStore;
  events: EventStore;
  deliveries: DeliveryStore;
  mutes: MuteStore;
  muting: Pick<Muting, 'mute' | 'unmute'>;
  tenancyCleanup: Pick<TenancyCleanup, 'endFormer'>;
  withSendingPaused: SendingLock['withSendingPaused'];
  outboxRelay: Pick<OutboxRelay, 'publish' | 'publishDetached'>;
  scheduleNext: (nextSteps: NextSteps) => void;
  clock: Pick<Clock, 'now'>;
}) {
  const { channels, deliveries, muting, outboxRelay, clock } = parts;

  async function reevaluate(channelId: string): Promise<void> {
    parts.scheduleNext(await reevaluateHeld(parts, channelId));
  }

  async function findConnected(channelId: string, actor: Actor): Promise<Channel | undefined> {
    const channel = await channels.find(channelId);
    if (channel === undefined || channel.status === 'disconnected') return undefined;
    return actor.kind === 'account' && actor.accountId !== channel.accountId ? undefined : channel;
  }

  /** Returns the channel if it still serves the account that it served when the actor saw the customer. */
  async function findServing({ channelId, accountId }: Tenancy, actor: Actor): Promise<Channel | undefined> {
    const channel = await findConnected(channelId, actor);
    return channel?.accountId === accountId ? channel : undefined;
  }

  /** Changes settings that are not edited in a form: the last writer wins. */
  async function change(
    channelId: string,
    set: SettingsChange,
    action: AuditAction,
    actor: Actor,
    setting: keyof SettingsChange,
  ): Promise<SettingsResult> {
    for (;;) {
      const before = await findConnected(channelId, actor);
      if (before === undefined) return { kind: 'gone' };
      const changed = await channels.changeSettings(before, before.version, set, {
        action,
        actor,
        at: clock.now(),
        before: before[setting],
        after: set[setting],
      });
      if (changed === undefined) continue;
      return { kind: 'saved', channel: await outboxRelay.publish(changed) };
    }
  }

  return {
    /** @param version the channel's `version` when the actor read the rules */
    async changeRules(
      channelId: string,
      version: number,
      rules: Rules,
      actor: Actor,
    ): Promise<SettingsResult> {
      const before = await findConnected(channelId, actor);
      if (before === undefined) return { kind: 'gone' };
      const outboxChange = {
        action: 'rules_changed',
        actor,
        at: clock.now(),
        before: before.rules,
        after: rules,
      } as const;
      const changed = await channels.changeSettings(before, version, { rules }, outboxChange);
      if (changed === undefined) {
        const now = await findConnected(channelId, actor);
        return now === undefined ? { kind: 'gone' } : { kind: 'outdated', channel: now };
      }
      const channel = await outboxRelay.publish(changed);
      await reevaluate(channelId);
      return { kind: 'saved', channel };
    },

    setManagers: (channelId: string, managers: string[] | 'everyone', actor: Actor) =>
      change(channelId, { managers }, 'managers_changed', actor, 'managers'),

    setExternalAcknowledge: (channelId: string, externalAcknowledge: boolean, actor: Actor) =>
      change(
        channelId,
        { externalAcknowledge },
        'external_acknowledge_changed',
        actor,
        'externalAcknowledge',
      ),

    /** Held deliveries are still sent. */
    pause: (channelId: string, until: Date | 'until_resumed', actor: Actor) =>
      change(channelId, { pausedUntil: until }, 'paused', actor, 'pausedUntil'),

    resume: (channelId: string, actor: Actor) =>
      change(channelId, { pausedUntil: null }, 'resumed', actor, 'pausedUntil'),

    /** Never shortens a mute. @returns `until`: the end of the mute that is in force */
    async mute(
      tenancy: Tenancy,
      customer: { id: string; name: string },
      until: Date,
      actor: Actor,
      reason?: string,
    ): Promise<{ kind: 'saved'; until: Date } | { kind: 'gone' }> {
      const channel = await findServing(tenancy, actor);
      if (channel === undefined) return { kind: 'gone' };
      const lasting = await muting.mute(channel, tenancy, customer, until, actor, reason);
      await reevaluate(channel._id);
      return { kind: 'saved', until: lasting };
    },

    /** Suppressed events stay suppressed. */
    async unmute(tenancy: Tenancy, customerId: string, actor: Actor): Promise<SettingsResult> {
      const channel = await findServing(tenancy, actor);
      if (channel === undefined) return { kind: 'gone' };
      await muting.unmute(channel, tenancy, customerId, actor);
      return { kind: 'saved', channel };
    },

    async undoAcknowledge(
      tenancy: Tenancy,
      entries: readonly { alert: string; reminder: string }[],
      { customerId, ...which }: { customerId: string; until: Date; acknowledgedBy?: string },
      actor: Actor & { kind: 'user' },
    ): Promise<number> {
      const channel = await findServing(tenancy, actor);
      if (channel === undefined) return 0;
      const at = clock.now();
      const ids = entries.flatMap(({ alert, reminder }) => [alert, reminder]);
      const alerts = new Set(entries.map(({ alert }) => alert));
      // An alert and its reminder are acknowledged together, and count once.
      const undone = await deliveries.undoAcknowledge(ids, which, { by: actor.userId, at });
      const count = Math.min(undone, alerts.size);
      if (count > 0) {
        const outboxChange = {
          action: 'acknowledgement_undone',
          actor,
          at,
          before: { customerId, count },
        } as const;
        await outboxRelay.publishDetached(toChange(channel, outboxChange));
      }
      return count;
    },

    /** @returns how many alerts are tried again; reminders are decided again, and do not count */
    async retry(channelId: string, ids: readonly string[] | 'all', actor: Actor): Promise<number> {
      const channel = await findConnected(channelId, actor);
      const tenancy = channel && tenancyOf(channel);
      if (channel === undefined || tenancy === undefined) return 0;
      const replayed = await deliveries.replay(tenancy, clock.now(), ids === 'all' ? undefined : ids);
      const count = replayed.alerts + replayed.reminders;
      if (count > 0) {
        const outboxChange = {
          action: 'delivery_retried',
          actor,
          at: clock.now(),
          after: { count },
        } as const;
        await outboxRelay.publishDetached(toChange(channel, outboxChange));
      }
      parts.scheduleNext({ channelIds: [channelId], openings: [] });
      return replayed.alerts;
    },

    /** Keeps the rules for 13 days. Recovery drops deliveries that are recorded at the same time. */
    async disconnect(channelId: string, actor: Actor): Promise<SettingsResult> {
      const channel = await findConnected(channelId, actor);
      if (channel === undefined) return { kind: 'gone' };
      // Waits for an active sender, so that no alert gets to the channel from then on.
      const changed = await parts.withSendingPaused(channelId, async () => {
        const now = clock.now();
        const outboxChange = { action: 'disconnected', actor, at: now } as const;
        return channels.disconnect(channel, { now, expiresAt: afterRemoval(now), outboxChange });
      });
      if (changed !== undefined) {
        await parts.tenancyCleanup.endFormer(changed);
        await outboxRelay.publish(changed);
      }
      return { kind: 'saved', channel };
    },
  };
}
