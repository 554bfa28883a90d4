import type { ChannelDocument } from './channels/document.ts';

/** Data of a channel is always queried by both ids. */
export type Tenancy = { channelId: string; accountId: string };

export function tenancyOf({
  _id: channelId,
  accountId,
}: Pick<ChannelDocument, '_id' | 'accountId'>): Tenancy | undefined {
  return accountId === null ? undefined : { channelId, accountId };
}

export function tenancyFilter({ channelId, accountId }: Tenancy): Tenancy {
  return { channelId, accountId };
}

export function distinctTenancies(tenancies: readonly Tenancy[]): Tenancy[] {
  const byKey = new Map(
    tenancies.map(({ channelId, accountId }) => [
      JSON.stringify([channelId, accountId]),
      { channelId, accountId },
    ]),
  );
  return [...byKey.values()];
}
