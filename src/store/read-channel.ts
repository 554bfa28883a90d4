import type { ChannelDocument } from './channel-document.ts';
import { webhookOwner } from './channel-document.ts';
import type { Channel } from './channels.ts';
import { isUnreadable, type Keyring } from './keyring.ts';
import { readChannel } from './schema/read-older.ts';

/** The projection of `createChannelReader`. */
export const forReaders = { projection: { untold: 0 } } as const;

/** Turns documents into channels for readers, which know whether the webhook URL can be decrypted, and not the URL. */
export function createChannelReader(keyring: Keyring) {
  function canOpen(channel: Pick<ChannelDocument, '_id' | 'connectedAt' | 'webhookUrl'>): boolean {
    if (channel.webhookUrl === undefined) return true;
    try {
      keyring.open(channel.webhookUrl, webhookOwner(channel));
      return true;
    } catch (error) {
      if (isUnreadable(error)) return false;
      throw error;
    }
  }

  return (found: Omit<ChannelDocument, 'untold'>): Channel => {
    const { webhookUrl: _url, ...document } = found;
    const channel = readChannel(document);
    return canOpen(found) ? channel : { ...channel, hasUnreadableWebhook: true };
  };
}
