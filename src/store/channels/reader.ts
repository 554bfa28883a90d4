import { isUndecryptable, type Keyring } from '../keyring.ts';
import type { Channel, ChannelDocument } from './document.ts';
import { webhookOwner, withRules } from './document.ts';

export const forReaders = { projection: { outbox: 0 } } as const;

/** Readers learn whether the webhook URL can be decrypted, but not the URL. */
export function createChannelReader(keyring: Keyring) {
  function canOpen(channel: Pick<ChannelDocument, '_id' | 'connectedAt' | 'webhookUrl'>): boolean {
    if (channel.webhookUrl === undefined) return true;
    try {
      keyring.decrypt(channel.webhookUrl, webhookOwner(channel));
      return true;
    } catch (error) {
      if (isUndecryptable(error)) return false;
      throw error;
    }
  }

  return (found: Omit<ChannelDocument, 'outbox'>): Channel => {
    const { webhookUrl: _url, ...channel } = found;
    const read = withRules(channel);
    return canOpen(found) ? read : { ...read, hasUnreadableWebhook: true };
  };
}
