import type { KnownBlock, MessageAttachment } from '@slack/types';

/** One alert in Slack: a coloured bar with blocks beside it, and a `fallback` that can be read alone. */
export interface AlertAttachment extends MessageAttachment {
  color: string;
  fallback: string;
  blocks: KnownBlock[];
}

/** The body of a POST to an incoming webhook. Links never unfurl, so that an alert keeps its height. */
export interface WebhookMessage {
  text?: string;
  /** `false` if `text` must not be read as mrkdwn. */
  mrkdwn?: false;
  blocks?: KnownBlock[];
  attachments?: AlertAttachment[];
  unfurl_links: false;
  unfurl_media: false;
}
