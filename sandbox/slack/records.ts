import type { KnownBlock, MessageAttachment } from '@slack/types';

/** A Slack workspace. */
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  /** The organisation that it belongs to, on Enterprise Grid. */
  readonly enterpriseId?: string;
  disabled: boolean;
  /** Whether an app is only added once an administrator has approved it. */
  needsApproval: boolean;
}

/** An organisation on Enterprise Grid. */
export interface Enterprise {
  readonly id: string;
  readonly name: string;
}

/** A person in a workspace. */
export interface User {
  readonly id: string;
  /** The home workspace. */
  readonly teamId: string;
  /** All workspaces that the person is a member of; several on Enterprise Grid. */
  readonly teamIds: ReadonlySet<string>;
  /** A guest sees only the channels that they are in, and cannot install apps. */
  readonly isGuest: boolean;
  /** The handle, as in `@dana`. */
  readonly name: string;
  readonly realName: string;
}

/** A channel of a workspace, connected or not. */
export interface Channel {
  readonly id: string;
  readonly teamId: string;
  /** Without the `#`. */
  readonly name: string;
  readonly isPrivate: boolean;
  /** Set for a direct message, whose name is that of the other person, with an `@`. */
  readonly isDirect?: boolean;
  /** Who may pick a private channel; a public one is open to everyone but guests. */
  readonly members: ReadonlySet<string>;
  /** The other workspaces that it is shared with: of the same organisation, or of another one (Slack Connect). */
  readonly sharedWith: Set<string>;
  /** The id that payloads carry since sharing changed it. */
  sharedId?: string;
  state: 'active' | 'archived' | 'deleted' | 'prohibited';
}

/** The app as installed in one workspace. */
export interface Installation {
  readonly teamId: string;
  readonly botToken: string;
  readonly botId: string;
  readonly botUserId: string;
  scopes: string[];
  installedBy: string;
  /** Milliseconds since 1970, by the local Slack's clock. */
  installedAt: number;
  active: boolean;
}

/** One incoming webhook: each Allow makes a new one, and the older ones go on working. */
export interface Webhook {
  /** `B…` */
  readonly id: string;
  readonly token: string;
  readonly teamId: string;
  readonly channelId: string;
  readonly userId: string;
  readonly url: string;
  readonly configurationUrl: string;
  readonly createdAt: number;
  /** Set once the webhook is dead: the body that Slack then answers. */
  revokedAs?: string;
}

/** What a webhook or a response_url takes, after it has been checked. */
export interface MessagePayload {
  text?: string;
  blocks?: KnownBlock[];
  attachments?: MessageAttachment[];
  [field: string]: unknown;
}

/** A message in a channel. */
export interface Message {
  /** Slack's message id, `1700000000.000100`: unique and rising. */
  readonly ts: string;
  readonly teamId: string;
  readonly channelId: string;
  readonly channelName: string;
  /** Which webhook posted it; undefined for what came through a response_url. */
  readonly webhookId?: string;
  /** Who posted it, as the `User-Agent` header has it. */
  readonly userAgent?: string;
  /** When the request was read in full: milliseconds since 1970, by the local Slack's clock. */
  readonly receivedAt: number;
  /** The same moment as `performance.now()` of this process, for measuring. */
  readonly receivedAtMonotonic: number;
  /** Exactly what was posted (after an edit: what it was replaced with). */
  payload: MessagePayload;
  /** The payload with the ids that Slack fills in: `block_id`, `action_id`, the attachment's `id`. */
  readonly shown: MessagePayload;
  /** Who sees it, where only one person does. */
  readonly ephemeralTo?: string;
  editedAt?: number;
}

/** What the local Slack refused, and why: for the developer to see. */
export interface Refusal {
  readonly at: number;
  /** `webhook`, `response_url`, or the API method. */
  readonly where: string;
  /** Slack's error word. */
  readonly error: string;
  /** A JSON pointer into the payload, `/attachments/0/blocks/1/text/text`; empty for the whole. */
  readonly pointer: string;
  readonly message: string;
  readonly channelId?: string;
  readonly payload?: unknown;
}

/** One POST to a webhook and what became of it. */
export interface WebhookCall {
  readonly at: number;
  readonly teamId: string;
  readonly channelId: string;
  readonly webhookId: string;
  /** The HTTP status that was answered; 0 where no answer was given. */
  readonly status: number;
  readonly body: string;
  /** True when an armed fault and not Slack's own rules gave the answer. */
  readonly faulty: boolean;
  /** The `ts` of the message that it left; undefined where none was taken, or only after the app had gone. */
  readonly messageTs: string | undefined;
  /** What was posted where no message was taken; undefined also for what is no JSON. */
  readonly untaken: Record<string, unknown> | undefined;
}
