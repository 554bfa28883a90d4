import type { ChannelDocument } from './channels/document.ts';

/** A channel while it serves an account: what is stored under a channel is found by both, and by nothing less. */
export type Tenancy = { channelId: string; accountId: string };

/** The tenancy of a channel now; `undefined` while it waits for an account. */
export function tenancyOf({
  _id: channelId,
  accountId,
}: Pick<ChannelDocument, '_id' | 'accountId'>): Tenancy | undefined {
  return accountId === null ? undefined : { channelId, accountId };
}

/** Matches what is of a tenancy, whatever else the object has that names it. */
export function tenancyFilter({ channelId, accountId }: Tenancy): Tenancy {
  return { channelId, accountId };
}
