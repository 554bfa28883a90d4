import type { AlertControls, ControlsByEvent } from '../messages/alert-controls.ts';
import type { Mute } from '../store/mutes.ts';
import type { Mentions } from './owner-mentions.ts';
import type { DeliveryWithEvent } from './with-events.ts';

/** @param mutes the channel's current mutes @param revision how many times the message was replaced */
export function buildControls(
  pairs: readonly DeliveryWithEvent[],
  {
    mutes = [],
    revision = 0,
    mentions = new Map(),
  }: { mutes?: readonly Mute[]; revision?: number; mentions?: Mentions } = {},
): ControlsByEvent {
  const muteOf = new Map(mutes.map((mute) => [mute.customerId, mute]));
  return new Map(
    pairs.map(({ delivery, event }) => {
      const { acknowledgedBy: by, acknowledgedAt: at, acknowledgementUndone: undone } = delivery;
      const mute = muteOf.get(event.customer.id);
      const owner = mentions.get(event.id);
      const controls: AlertControls = {
        ref: delivery.ref,
        revision,
        ...(by && at && { acknowledged: { by, at } }),
        ...(undone && { undone }),
        ...(delivery.reminder && { openMs: delivery.reminder.openMs }),
        ...(delivery.repeat?.notRepeated && { notRepeated: delivery.repeat.notRepeated }),
        ...(owner !== undefined && { owner }),
        ...(mute && { muted: { by: mute.mutedBy, until: mute.until, reason: mute.reason } }),
      };
      return [event.id, controls];
    }),
  );
}
