import { type MentionOwner, type Rules, readRules, type StoredRules } from '../../domain/rules.ts';
import type { Actor, AuditAction } from '../audit.ts';
import type { Encrypted } from '../keyring.ts';

/** `actor` is `null` for changes that nobody made: the channel broke, or recovered. */
export type ChannelChange = {
  action: AuditAction | 'broken' | 'restored';
  actor: Actor | null;
  at: Date;
  before?: unknown;
  after?: unknown;
};

/** Publishing is idempotent by the entry's id. */
export type OutboxEntry = ChannelChange & {
  id: string;
  channel: Pick<ChannelDocument, 'accountId' | 'teamName' | 'name' | 'rules' | 'brokenReason'>;
};

/** A channel without its webhook, which only a `SendableChannel` has. */
export type Channel = Omit<ChannelDocument, 'webhookUrl' | 'outbox' | 'rules'> & {
  rules: Rules;
  /** Set if the URL cannot be decrypted: alerts wait until it can, or until a reconnect. */
  hasUnreadableWebhook?: true;
};

/** The URL is a secret; `connectedAt` identifies the webhook. */
export type SendableChannel = {
  id: string;
  accountId: string | null;
  webhookUrl: string;
  connectedAt: Date;
  /** Deliveries decided by earlier rules are reevaluated before they are sent. */
  rulesEpoch: number;
  trouble?: Trouble | null;
  hasDailyDigest?: true;
  mentionOwner?: MentionOwner;
  ownersVersion?: string | undefined;
};

/** `toSendable` returns `undefined` unless the channel is active. */
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

/** `broken`: the webhook is gone; reconnecting revives it. `disconnected`: its rules are kept for a while. */
export type ChannelStatus = 'active' | 'broken' | 'disconnected';

export type Trouble = {
  since: Date;
  reason: string;
  waitsUntil: Date | null;
  /** Number of consecutive answers in which Slack asked to wait without naming a time. */
  waits: number;
  /** Set if messages failed with and without alerts that failed before: no alert seems to be the cause. */
  isChannels?: true;
};

export type FormerAccount = { accountId: string; until: Date };

/** `_id` is `<team id>:<Slack's channel id>`. */
export type ChannelDocument = {
  _id: string;
  teamId: string;
  teamName: string | null;
  slackChannelId: string;
  /** The name as Slack's picker returned it, such as `#customer-health`. */
  name: string;
  accountId: string | null;
  /** The account that the channel serves or served last, to which the rules belong. */
  lastAccountId?: string;
  /** Accounts that it served, until their deliveries and mutes in it have been ended. */
  formerAccounts?: FormerAccount[];
  webhookUrl?: Encrypted;
  /** The webhook's page in Slack, where people can remove it; `null` if Slack gave none. */
  configurationUrl?: string | null;
  rules: StoredRules;
  /** Incremented with every change of the settings, for optimistic locking. */
  version: number;
  /** Incremented with every change that decisions depend on: rules and mutes. */
  rulesEpoch: number;
  needsReevaluation: boolean;
  status: ChannelStatus;
  brokenReason: string | null;
  /** When it last broke, even if it recovered since. */
  brokenAt: Date | null;
  /** When to try a broken channel again, if its reason can pass by itself. */
  retryAt?: Date | null;
  trouble?: Trouble | null;
  pausedUntil: Date | 'until_resumed' | null;
  /** Empty once the channel is disconnected. */
  connectedBy: string;
  managers: string[] | 'everyone';
  externalAcknowledge?: boolean;
  /** Day on which somebody of another organisation last used an alert here: the channel is shared. */
  externalSeenAt?: Date;
  /** Changes with the Slack users of its account's owners. Nobody is mentioned without it. */
  ownersVersion?: string;
  createdAt: Date;
  /** Start of uninterrupted service; the channel gets no earlier events. */
  servesSince: Date;
  /** When the present webhook was granted; identifies the webhook. */
  connectedAt: Date;
  /** When a disconnected channel is deleted; `null` for others. */
  expiresAt: Date | null;
  movedFrom?: string;
  movedTo?: string;
  outbox?: OutboxEntry[];
};

/** True if nothing can be sent there until somebody reconnects it, or its reason passes. */
export function needsReconnect(
  channel: Pick<Channel, 'status' | 'hasUnreadableWebhook'> | undefined,
): boolean {
  return channel?.status === 'broken' || channel?.hasUnreadableWebhook === true;
}

/** Completes stored rules with defaults. */
export function withRules<Stored extends { rules: StoredRules }>(
  stored: Stored,
): Omit<Stored, 'rules'> & { rules: Rules } {
  return { ...stored, rules: readRules(stored.rules) };
}

export const connected: { $in: ChannelStatus[] } = { $in: ['active', 'broken'] };

/** `servesSince` of a channel that serves no account. */
export const endOfTime = new Date(8.64e15);

export const withoutWebhook = { projection: { webhookUrl: 0 } } as const;

export function webhookOwner({ _id, connectedAt }: Pick<ChannelDocument, '_id' | 'connectedAt'>): string {
  return `channel ${_id} connected at ${connectedAt.toISOString()}`;
}
