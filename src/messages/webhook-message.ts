import type { KnownBlock, MessageAttachment } from '@slack/types';

/** A coloured bar with blocks beside it; the `fallback` can be read alone. */
export interface AlertAttachment extends MessageAttachment {
  color: string;
  fallback: string;
  blocks: KnownBlock[];
}

/** Links never unfurl, so that an alert keeps its height. */
export interface WebhookMessage {
  text?: string;
  /** `text` must not be read as mrkdwn. */
  mrkdwn?: false;
  blocks?: KnownBlock[];
  attachments?: AlertAttachment[];
  unfurl_links: false;
  unfurl_media: false;
}
