import type { Filter } from 'mongodb';
import { AppError } from '../../lib/errors.ts';
import type { ChannelConnection, ChannelDocument } from './document.ts';

export class ConnectError extends AppError<
  | 'account_deleted'
  | 'channel_managed'
  | 'channel_serves_another_account'
  | 'move_source_gone'
  | 'move_target_connected'
  | 'not_installed'
  | 'token_used'
> {}

/**
 * Matches a channel unless somebody else manages it, or it serves another account.
 * @param byAccount whether the account itself asked for it
 */
export function mayConnect(
  { accountId, connectedBy }: Pick<ChannelConnection, 'accountId' | 'connectedBy'>,
  byAccount: boolean,
): Filter<ChannelDocument> {
  return {
    ...(accountId !== null && { accountId: { $in: [accountId, null] } }),
    $or: [
      { status: 'disconnected' },
      { managers: { $in: ['everyone', connectedBy] } },
      ...(byAccount && accountId !== null ? [{ accountId }] : []),
    ],
  };
}

export function servesAnother(present: string | null, wanted: string | null): boolean {
  return present !== null && wanted !== null && present !== wanted;
}

export function connectRefusal(present: string | null, wanted: string | null): ConnectError {
  return servesAnother(present, wanted)
    ? new ConnectError('channel_serves_another_account', 'The channel serves another Perly account.')
    : new ConnectError('channel_managed', 'The channel is connected, and managed by others.');
}
