import type { KnownBlock, MessageAttachment } from '@slack/types';

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  /** On Enterprise Grid. */
  readonly enterpriseId?: string;
  disabled: boolean;
  /** By an administrator, before the app is added. */
  needsApproval: boolean;
}

export interface Enterprise {
  readonly id: string;
  readonly name: string;
}

export interface User {
  readonly id: string;
  readonly teamId: string;
  /** Several on Enterprise Grid. */
  readonly teamIds: ReadonlySet<string>;
  /** A guest sees only the channels that they are in, and cannot install apps. */
  readonly isGuest: boolean;
  /** `dana` in `@dana`. */
  readonly name: string;
  readonly realName: string;
}

export interface Channel {
  readonly id: string;
  readonly teamId: string;
  /** Without the `#`. */
  readonly name: string;
  readonly isPrivate: boolean;
  /** A direct message is named `@` and the other person. */
  readonly isDirect?: boolean;
  /** Who may choose a private channel. */
  readonly members: ReadonlySet<string>;
  /** Of the same organisation, or of another one (Slack Connect). */
  readonly sharedWith: Set<string>;
  /** Its id in payloads since sharing changed it. */
  sharedId?: string;
  state: 'active' | 'archived' | 'deleted' | 'prohibited';
}

export interface Installation {
  readonly teamId: string;
  readonly botToken: string;
  readonly botId: string;
  readonly botUserId: string;
  scopes: string[];
  installedBy: string;
  /** By the local Slack's clock, as all times here. Milliseconds since 1970. */
  installedAt: number;
  active: boolean;
}

/** Each Allow creates one, and older ones keep working. */
export interface Webhook {
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

export interface MessagePayload {
  text?: string;
  blocks?: KnownBlock[];
  attachments?: MessageAttachment[];
  [field: string]: unknown;
}

export interface Message {
  /** `1700000000.000100`: unique and increasing. */
  readonly ts: string;
  readonly teamId: string;
  readonly channelId: string;
  readonly channelName: string;
  /** Undefined if it came through a response_url. */
  readonly webhookId?: string;
  readonly userAgent?: string;
  /** When the request was completely read. */
  readonly receivedAt: number;
  /** `performance.now()` of this process, for measuring. */
  readonly receivedAtMonotonic: number;
  /** Exactly what was posted, or what replaced it. */
  payload: MessagePayload;
  /** With the ids that Slack fills in. */
  readonly shown: MessagePayload;
  /** The only person who sees it. */
  readonly ephemeralTo?: string;
  editedAt?: number;
}

/** For the developer. */
export interface Refusal {
  readonly at: number;
  /** `webhook`, `response_url`, or the API method. */
  readonly where: string;
  readonly error: string;
  /** A JSON pointer into the payload; empty for the whole. */
  readonly pointer: string;
  readonly message: string;
  readonly channelId?: string;
  readonly payload?: unknown;
}

export interface WebhookCall {
  readonly at: number;
  readonly teamId: string;
  readonly channelId: string;
  readonly webhookId: string;
  /** 0 if there was no answer. */
  readonly status: number;
  readonly body: string;
  /** By an injected fault, not by Slack's own rules. */
  readonly faulty: boolean;
  /** Undefined if no message was accepted, or only after the app had gone. */
  readonly messageTs: string | undefined;
  /** The body, if no message was accepted. */
  readonly unacceptedPayload: Record<string, unknown> | undefined;
}
