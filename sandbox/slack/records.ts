import type { KnownBlock, MessageAttachment } from '@slack/types';

/** A Slack workspace. */
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  /** The organisation, on Enterprise Grid. */
  readonly enterpriseId?: string;
  disabled: boolean;
  /** Whether an administrator has to approve an app before it is added. */
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
  /** Set for a direct message, whose name is the other person's with an `@`. */
  readonly isDirect?: boolean;
  /** Who may choose a private channel; a public one is open to everyone but guests. */
  readonly members: ReadonlySet<string>;
  /** Other workspaces that share it: of the same organisation, or of another one (Slack Connect). */
  readonly sharedWith: Set<string>;
  /** Its id in payloads since sharing changed it. */
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

/** An incoming webhook: each Allow creates one, and older ones keep working. */
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
  /** Set once the webhook is revoked: the body that Slack then answers. */
  revokedAs?: string;
}

/** A validated payload of a webhook or a response_url. */
export interface MessagePayload {
  text?: string;
  blocks?: KnownBlock[];
  attachments?: MessageAttachment[];
  [field: string]: unknown;
}

/** A message in a channel. */
export interface Message {
  /** Slack's message id, `1700000000.000100`: unique and increasing. */
  readonly ts: string;
  readonly teamId: string;
  readonly channelId: string;
  readonly channelName: string;
  /** The webhook that posted it; undefined if it came through a response_url. */
  readonly webhookId?: string;
  /** The `User-Agent` header of the POST. */
  readonly userAgent?: string;
  /** When the request was completely read: milliseconds since 1970, by the local Slack's clock. */
  readonly receivedAt: number;
  /** The same instant as `performance.now()` of this process, for measuring. */
  readonly receivedAtMonotonic: number;
  /** Exactly what was posted, or what replaced it. */
  payload: MessagePayload;
  /** The payload with the ids that Slack fills in: `block_id`, `action_id`, the attachment's `id`. */
  readonly shown: MessagePayload;
  /** The only person who sees it, if it is ephemeral. */
  readonly ephemeralTo?: string;
  editedAt?: number;
}

/** What the local Slack refused, and why, for the developer. */
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

/** A POST to a webhook, with its result. */
export interface WebhookCall {
  readonly at: number;
  readonly teamId: string;
  readonly channelId: string;
  readonly webhookId: string;
  /** The HTTP status of the answer; 0 if there was none. */
  readonly status: number;
  readonly body: string;
  /** Whether an injected fault, and not Slack's own rules, gave the answer. */
  readonly faulty: boolean;
  /** The `ts` of the resulting message; undefined if none was accepted, or only after the app had gone. */
  readonly messageTs: string | undefined;
  /** The body, if no message was accepted; undefined if it is no JSON. */
  readonly untaken: Record<string, unknown> | undefined;
}
