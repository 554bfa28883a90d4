import type { KnownBlock, PlainTextElement } from '@slack/types';
import type { StateValues } from '../slack/element-values.ts';
import type { MessagePayload, Refusal } from '../slack/records.ts';

/** A person as others see them. */
export interface Person {
  id: string;
  /** The handle, as in `@dana`. */
  name: string;
  realName: string;
}

/** A message as its readers see it. */
export interface ShownMessage {
  ts: string;
  /** Milliseconds since 1970. */
  at: number;
  content: MessagePayload;
  isEphemeral: boolean;
  isEdited: boolean;
}

/** A channel as one person sees it. */
export interface ShownChannel {
  id: string;
  /** Without the `#`. */
  name: string;
  isPrivate: boolean;
  /** Names of the other workspaces that see it, in the same or another organisation. */
  sharedWith: string[];
  /** Unread messages. */
  unread: number;
  /** Latest messages, oldest first. */
  messages: ShownMessage[];
}

/** A Home tab or a modal, with the values filled in so far. */
export interface ShownView {
  id: string;
  blocks: KnownBlock[];
  /** Undefined in a Home tab, as are the next two. */
  title: PlainTextElement | undefined;
  /** Undefined if there is nothing to submit. */
  submit: PlainTextElement | undefined;
  close: PlainTextElement | undefined;
  values: StateValues;
}

/** What Slack refused, for the developer; `id` increases. */
export interface ShownRefusal extends Pick<Refusal, 'at' | 'where' | 'error' | 'pointer' | 'message'> {
  id: number;
  /** Without the `#`; undefined if the refusal does not concern a channel. */
  channelName?: string;
}

/** A button of the local Perly's panel. */
export interface BoardButton {
  id: string;
  label: string;
  group: string;
}

/** Everything that a person's page shows. */
export interface Snapshot {
  /** The demo's time, in milliseconds since 1970. */
  now: number;
  /** How far it is ahead of the machine's clock. Milliseconds. */
  ahead: number;
  app: string;
  /** Whether the workspace has the app. */
  isInstalled: boolean;
  team: { id: string; name: string };
  you: Person;
  /** The person's entry in `lookers`. */
  looksAs: string;
  /** The people whom a page can show, as in `?user=`. */
  lookers: { value: string; label: string }[];
  /** Everyone whom a message can mention. */
  people: Person[];
  channels: ShownChannel[];
  home: ShownView | undefined;
  /** The open modals, bottom first. */
  modals: ShownView[];
  refusals: ShownRefusal[];
  /** The panel's buttons; none without a local Perly. */
  board: BoardButton[];
}
