import type { Rules } from '../../domain/rules.ts';
import type { Actor, AuditAction } from '../audit.ts';
import type { Encrypted } from '../keyring.ts';

/** What is done to a channel, as it is written along with it. `actor` is `null` for what nobody did: it broke, or works again. */
export type ChannelChange = {
  action: AuditAction | 'broken' | 'restored';
  actor: Actor | null;
  at: Date;
  before?: unknown;
  after?: unknown;
};

/** What was done to a channel and may not have been told of yet. By its id, telling it twice tells it once. */
export type OutboxEntry = ChannelChange & {
  id: string;
  /** The channel as there is to tell of it: as the change left it, or as it was before it was taken out. */
  channel: Pick<ChannelDocument, 'accountId' | 'teamName' | 'name' | 'rules' | 'brokenReason'>;
};

/** A channel without its webhook, which only a `SendableChannel` has. */
export type Channel = Omit<ChannelDocument, 'webhookUrl' | 'outbox'> & {
  /** Set for readers when the webhook URL cannot be decrypted: alerts wait until it can, or until a reconnect. */
  hasUnreadableWebhook?: true;
};

/** A channel as its sender needs it. The URL is a secret; `connectedAt` tells one webhook from the next. */
export type SendableChannel = {
  id: string;
  /** `null` while it waits for one. */
  accountId: string | null;
  webhookUrl: string;
  connectedAt: Date;
  /** What was decided by rules before these is decided anew before it is sent. */
  rulesEpoch: number;
  /** Its sender keeps it up to date. */
  trouble?: Trouble | null;
};

/** A channel that events are decided for, and where to send its alerts: `undefined` unless it is active. */
export type ServingChannel = Channel & { toSendable(): SendableChannel | undefined };

/** What OAuth tells about the channel that was picked. */
export type ChannelConnection = {
  teamId: string;
  teamName: string | null;
  slackChannelId: string;
  name: string;
  accountId: string | null;
  webhookUrl: string;
  /** The webhook's page in Slack. */
  configurationUrl?: string | null;
  connectedBy: string;
};

/**
 * `broken`: Slack said that the webhook is gone; connecting the channel again revives it. `disconnected`: somebody
 * took it out; what is left is its rules, for a while.
 */
export type ChannelStatus = 'active' | 'broken' | 'disconnected';

/** Why a channel's alerts do not get through at present, though its webhook is not known to be gone. */
export type Trouble = {
  /** When the first alert did not get through. */
  since: Date;
  /** `rate_limited`, or what became of the last try. */
  reason: string;
  /** Until when Slack asked to wait; `null` when it did not. */
  waitsUntil: Date | null;
  /** How often in a row Slack asked to wait without saying how long. */
  waits: number;
  /** Set when alerts failed both with and without those that had failed before: no alert's content seems to be at fault. */
  isChannels?: true;
};

/** An account that a channel served until an instant. */
export type FormerAccount = { accountId: string; until: Date };

/** One connected Slack channel. `_id` is `<team id>:<Slack's channel id>`. */
export type ChannelDocument = {
  _id: string;
  teamId: string;
  teamName: string | null;
  slackChannelId: string;
  /** As Slack's picker gave it, `#customer-health`. */
  name: string;
  /** The account that it serves; `null` while it waits for one. */
  accountId: string | null;
  /** The account that it served last, also while it serves one: the rules are that one's. */
  lastAccountId?: string;
  /** The accounts that it served, until what they left behind has been ended: all that was recorded until then. */
  formerAccounts?: FormerAccount[];
  /** None while it is disconnected. */
  webhookUrl?: Encrypted;
  /** The webhook's page in Slack, where its people remove it; `null` where Slack gave none. */
  configurationUrl?: string | null;
  rules: Rules;
  /** Grows with every change of the channel's settings: who saves says which one was read. */
  version: number;
  /** Grows with every change that decisions depend on: rules and mutes. */
  rulesEpoch: number;
  /** Whether what the channel holds has still to be decided by its present rules. */
  needsReevaluation: boolean;
  status: ChannelStatus;
  /** Why it is broken, in words. */
  brokenReason: string | null;
  /** When it last broke, also when it came back since. */
  brokenAt: Date | null;
  /** When it is to be tried again while it is broken, if its reason can pass by itself. */
  retryAt?: Date | null;
  /** What keeps its alerts back while it is active, since the last one that Slack took. */
  trouble?: Trouble | null;
  pausedUntil: Date | 'until_resumed' | null;
  connectedBy: string;
  /** The users who may change its settings. */
  managers: string[] | 'everyone';
  /** Whether people of other organisations may acknowledge alerts, in a channel that is shared with them. */
  externalAcknowledge?: boolean;
  /** When somebody of another organisation was last seen to use an alert in it, to the day: it is shared with them. */
  externalSeenAt?: Date;
  createdAt: Date;
  /** Since when it serves without having been disconnected: what was posted before is not for it. */
  servesSince: Date;
  /** When its present webhook came: tells one webhook from the next. */
  connectedAt: Date;
  /** When a disconnected channel is forgotten; `null` for the others. */
  expiresAt: Date | null;
  /** The channel whose alerts are being moved here, until all of them are. */
  movedFrom?: string;
  /** Where a disconnected channel's alerts were moved to. */
  movedTo?: string;
  /** What was done to it and may not have been told of yet, the oldest first. */
  outbox?: OutboxEntry[];
};

/** The statuses of a channel that is there for its people. */
export const connected: { $in: ChannelStatus[] } = { $in: ['active', 'broken'] };

/** Since when a channel serves that serves nobody. */
export const endOfTime = new Date(8.64e15);

/** What whoever changes a channel gets of it. */
export const withoutWebhook = { projection: { webhookUrl: 0 } } as const;

/** Whom a sealed webhook URL belongs to: see `Keyring`. One of an earlier connection does not open. */
export function webhookOwner({ _id, connectedAt }: Pick<ChannelDocument, '_id' | 'connectedAt'>): string {
  return `channel ${_id} connected at ${connectedAt.toISOString()}`;
}
