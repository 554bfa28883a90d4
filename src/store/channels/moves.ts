import type { Db } from 'mongodb';
import { AppError } from '../../lib/errors.ts';
import { isDuplicateKey } from '../bulk.ts';
import type { Keyring } from '../keyring.ts';
import { ConnectError } from './connect-guard.ts';
import {
  type Channel,
  type ChannelConnection,
  type ChannelDocument,
  connected,
  webhookOwner,
  withoutWebhook,
  withRules,
} from './document.ts';
import { type ChangedChannel, newChangeId } from './outbox.ts';
import { createChannelReader, forReaders } from './reader.ts';
import { channelKey } from './store.ts';
import { appendToOutbox, assign, connectorOf, count, fieldsOf } from './updates.ts';

export type ChannelMoveStore = ReturnType<typeof createChannelMoveStore>;

export function createChannelMoveStore(db: Db, keyring: Keyring) {
  const channels = db.collection<ChannelDocument>('channels');
  const readChannel = createChannelReader(keyring);

  return {
    /** Copies all settings of `from`. @throws ConnectError `move_target_connected`; then nothing was changed */
    async begin(connection: ChannelConnection, from: Channel, now: Date): Promise<ChangedChannel> {
      const _id = channelKey(connection.teamId, connection.slackChannelId);
      const { lastAccountId } = from;
      try {
        const channel = await channels.findOneAndUpdate(
          { _id, status: 'disconnected' },
          [
            assign({
              ...fieldsOf(
                connection,
                keyring.encrypt(connection.webhookUrl, webhookOwner({ _id, connectedAt: now })),
                now,
              ),
              accountId: from.accountId,
              ...(lastAccountId !== undefined && { lastAccountId }),
              rules: from.rules,
              rulesEpoch: from.rulesEpoch,
              needsReevaluation: from.needsReevaluation,
              // Alerts that the old channel missed while broken are sent to the new one.
              brokenAt: from.brokenAt,
              pausedUntil: from.pausedUntil,
              managers: from.managers,
              ownersVersion: newChangeId(),
              connectedBy: connection.connectedBy,
              servesSince: now,
              movedFrom: from._id,
            }),
            { $set: { createdAt: { $ifNull: ['$createdAt', now] } } },
            count('version'),
            { $unset: ['movedTo'] },
            appendToOutbox({
              action: 'moved',
              actor: connectorOf(connection),
              at: now,
              before: from._id,
              after: _id,
            }),
          ],
          { upsert: true, returnDocument: 'after', ...withoutWebhook },
        );
        if (channel === null)
          throw new AppError('channel_not_stored', 'The database did not give the channel back.');
        return withRules(channel);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        throw new ConnectError('move_target_connected', 'The channel is connected already.');
      }
    },

    listUnfinished(): Promise<Channel[]> {
      return channels
        .find({ movedFrom: { $type: 'string' }, status: connected }, forReaders)
        .map(readChannel)
        .toArray();
    },

    async finish(id: string, movedFrom: string): Promise<void> {
      await channels.updateOne({ _id: id, movedFrom }, { $unset: { movedFrom: '' } });
    },
  };
}
