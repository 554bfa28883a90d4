import { type Clock, later } from '../lib/clock.ts';
import { dayMs } from '../lib/time.ts';
import { type ChannelStore, teamIdOf } from '../store/channels/store.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { AlertClick } from './clicked-alert.ts';
import type { People } from './people.ts';

export type SharingWatch = ReturnType<typeof createSharingWatch>;

/**
 * With this app's one scope, only a click from another organisation shows that a channel is shared.
 * @see https://docs.slack.dev/apis/slack-connect/#detecting
 */
export function createSharingWatch(parts: {
  channels: Pick<ChannelStore, 'markExternalSeen'>;
  deliveries: Pick<DeliveryStore, 'findChannelOfRef'>;
  people: Pick<People, 'isOutsider'>;
  homeChanged: (teamId: string) => void;
  clock: Pick<Clock, 'now'>;
}) {
  const { channels, deliveries, people, clock } = parts;

  return {
    async notice({ ref, person }: Pick<AlertClick, 'ref' | 'person'>): Promise<void> {
      const channelId = await deliveries.findChannelOfRef(ref);
      if (channelId === undefined) return;
      const teamId = teamIdOf(channelId);
      if (!(await people.isOutsider(teamId, person))) return;
      const isNews = await channels.markExternalSeen(channelId, clock.now(), later(clock, -dayMs));
      if (isNews) parts.homeChanged(teamId);
    },
  };
}
