import type { MentionOwner, Rules } from '../../domain/rules.ts';
import type { Actor, AuditAction } from '../audit.ts';
import type { Encrypted } from '../keyring.ts';

/**
 * A change of a channel, written together with it. `actor` is `null` for changes that nobody made: it broke, or
 * recovered.
 */
export type ChannelChange = {
  action: AuditAction | 'broken' | 'restored';
  actor: Actor | null;
  at: Date;
  before?: unknown;
  after?: unknown;
};

/** A change that may not have been published yet. Publishing is idempotent by its id. */
export type OutboxEntry = ChannelChange & {
  id: string;
  /** The channel to publish: as the change left it, or as it was before it was disconnected. */
  channel: Pick<ChannelDocument, 'accountId' | 'teamName' | 'name' | 'rules' | 'brokenReason'>;
};

/** A channel without its webhook, which only a `SendableChannel` has. */
export type Channel = Omit<ChannelDocument, 'webhookUrl' | 'outbox'> & {
  /** Set if the webhook URL cannot be decrypted: alerts wait until it can, or until a reconnect. */
  hasUnreadableWebhook?: true;
};

/** A channel as its worker needs it. The URL is a secret; `connectedAt` identifies the webhook. */
export type SendableChannel = {
  id: string;
  /** `null` while it waits for one. */
  accountId: string | null;
  webhookUrl: string;
  connectedAt: Date;
  /** Deliveries that were decided by earlier rules are reevaluated before they are sent. */
  rulesEpoch: number;
  trouble?: Trouble | null;
  /** Set if its rules hold alerts for one digest a day. */
  hasDailyDigest?: true;
  mentionOwner?: MentionOwner;
  ownersVersion?: string | undefined;
};

/** A channel that events are decided for, and where to send its alerts: `undefined` unless it is active. */
export type ServingChannel = Channel & { toSendable(): SendableChannel | undefined };

export type ChannelConnection = {
  teamId: string;
  teamName: string | null;
  slackChannelId: string;
  name: string;
  accountId: string | null;
  webhookUrl: string;
  configurationUrl?: string | null;
  connectedBy: string;
};

/**
 * `broken`: Slack said that the webhook is gone; reconnecting revives it. `disconnected`: somebody removed it; its
 * rules are kept for a while.
 */
export type ChannelStatus = 'active' | 'broken' | 'disconnected';

/** Why a channel's alerts are failing at the moment, although its webhook is not known to be gone. */
export type Trouble = {
  since: Date;
  reason: string;
  /** Until when Slack asked to wait, if it did. */
  waitsUntil: Date | null;
  /** Consecutive requests of Slack to wait that named no time. */
  waits: number;
  /**
   * Set if alerts failed both with and without those that had failed before: no alert's content seems to be at fault.
   */
  isChannels?: true;
};

export type FormerAccount = { accountId: string; until: Date };

/** A Slack channel that was connected. `_id` is `<team id>:<Slack's channel id>`. */
export type ChannelDocument = {
  _id: string;
  teamId: string;
  teamName: string | null;
  slackChannelId: string;
  /** As Slack's picker returned it, `#customer-health`. */
  name: string;
  /** The account that it serves; `null` while it waits for one. */
  accountId: string | null;
  /** The account that it serves or served last: the rules belong to this one. */
  lastAccountId?: string;
  /** Accounts that it served, until all that they left behind has been ended. */
  formerAccounts?: FormerAccount[];
  webhookUrl?: Encrypted;
  /** The webhook's page in Slack, where people can remove it; `null` if Slack gave none. */
  configurationUrl?: string | null;
  rules: Rules;
  /** Incremented with every change of the settings, for optimistic locking. */
  version: number;
  /** Incremented with every change that decisions depend on: rules and mutes. */
  rulesEpoch: number;
  /** Whether what the channel holds still has to be reevaluated by its present rules. */
  needsReevaluation: boolean;
  status: ChannelStatus;
  brokenReason: string | null;
  /** When it last broke, even if it recovered since. */
  brokenAt: Date | null;
  /** When to try a broken channel again, if its reason can pass by itself. */
  retryAt?: Date | null;
  /** Why its alerts are failing while it is active; cleared by the next success. */
  trouble?: Trouble | null;
  pausedUntil: Date | 'until_resumed' | null;
  connectedBy: string;
  managers: string[] | 'everyone';
  /** Whether people of other organisations may acknowledge alerts in this channel, if it is shared with them. */
  externalAcknowledge?: boolean;
  /** When somebody of another organisation was last seen to use an alert in it, to the day: it is shared with them. */
  externalSeenAt?: Date;
  /** Changes with the Slack users of its account's owners in its workspace. Nobody is mentioned without it. */
  ownersVersion?: string;
  createdAt: Date;
  /** Start of uninterrupted service: earlier events are not for this channel. */
  servesSince: Date;
  /** When the present webhook was granted; identifies the webhook. */
  connectedAt: Date;
  /** When a disconnected channel is deleted; `null` for others. */
  expiresAt: Date | null;
  /** The channel whose alerts are being moved here, until the move is done. */
  movedFrom?: string;
  movedTo?: string;
  outbox?: OutboxEntry[];
};

export const connected: { $in: ChannelStatus[] } = { $in: ['active', 'broken'] };

/** `servesSince` of a channel that serves no account. */
export const endOfTime = new Date(8.64e15);

export const withoutWebhook = { projection: { webhookUrl: 0 } } as const;

/** Binds an encrypted webhook URL to its channel and connection: see `Keyring`. */
export function webhookOwner({ _id, connectedAt }: Pick<ChannelDocument, '_id' | 'connectedAt'>): string {
  return `channel ${_id} connected at ${connectedAt.toISOString()}`;
}
