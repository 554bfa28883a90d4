import type { Clock } from '../lib/clock.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';
import type { Replayed } from '../store/deliveries/replay.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';

/** Serves operators, who see all accounts, but no deliveries of one that the channel no longer serves. */
export function createFailedDeliveries(parts: {
  channels: Pick<ChannelStore, 'listByIds'>;
  deliveries: Pick<DeliveryStore, 'listByIds' | 'listFailedPage' | 'listFailedTenancies' | 'replay'>;
  clock: Pick<Clock, 'now'>;
}) {
  const { channels, deliveries, clock } = parts;

  async function listServed(tenancies: readonly Tenancy[]): Promise<Tenancy[]> {
    const found = await channels.listByIds([...new Set(tenancies.map(({ channelId }) => channelId))]);
    const accountOf = new Map(found.map((channel) => [channel._id, tenancyOf(channel)?.accountId]));
    return tenancies.filter(({ channelId, accountId }) => accountOf.get(channelId) === accountId);
  }

  return {
    async list(limit: number, channelId?: string): Promise<DeliveryDocument[]> {
      const latest: DeliveryDocument[] = [];
      for (const tenancy of await listServed(await deliveries.listFailedTenancies(channelId)))
        latest.push(...(await deliveries.listFailedPage(tenancy, undefined, limit)));
      const finishedAt = (delivery: DeliveryDocument) => delivery.finishedAt?.getTime() ?? 0;
      return latest.sort((one, other) => finishedAt(other) - finishedAt(one)).slice(0, limit);
    },

    /** Finds a delivery in any state; `ended` when its channel no longer serves its account. */
    async find(id: string): Promise<DeliveryDocument | 'ended' | undefined> {
      const [delivery] = await deliveries.listByIds([id]);
      if (delivery === undefined) return undefined;
      return (await listServed([delivery])).length === 1 ? delivery : 'ended';
    },

    async retry({ ids, channelId }: { ids?: readonly string[]; channelId?: string }): Promise<Replayed> {
      const now = clock.now();
      const replayed = { alerts: 0, reminders: 0 };
      for (const tenancy of await listServed(await deliveries.listFailedTenancies(channelId))) {
        const { alerts, reminders } = await deliveries.replay(tenancy, now, ids);
        replayed.alerts += alerts;
        replayed.reminders += reminders;
      }
      return replayed;
    },
  };
}
