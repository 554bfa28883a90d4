import type { Decision } from '../domain/decide.ts';
import type { PerlyEvent } from '../domain/event.ts';

export type ChannelDecision = Decision & {
  channelId: string;
  rulesEpoch: number;
  servesSince: Date;
  /** Set on a repeat: the delivery that counts it. */
  repeatOf?: string | undefined;
};

/** `_id` is its key, `sequence` its position in the order of arrival. */
export type EventDocument = {
  _id: string;
  accountId: string;
  eventId: string;
  /** SHA-256 of the content: distinguishes a repeat from another event with the same id. */
  digest: string;
  sequence: number;
  event: PerlyEvent;
  decisions: ChannelDecision[];
  receivedAt: Date;
  expiresAt: Date;
};
