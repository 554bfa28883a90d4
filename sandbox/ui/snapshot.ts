import type { KnownBlock, PlainTextElement } from '@slack/types';
import type { StateValues } from '../slack/element-values.ts';
import type { MessagePayload, Refusal } from '../slack/records.ts';

export interface Person {
  id: string;
  /** `dana` in `@dana`. */
  name: string;
  realName: string;
}

export interface ShownMessage {
  ts: string;
  /** Milliseconds since 1970. */
  at: number;
  content: MessagePayload;
  isEphemeral: boolean;
  isEdited: boolean;
}

/** As one person sees it. */
export interface ShownChannel {
  id: string;
  /** Without the `#`. */
  name: string;
  isPrivate: boolean;
  /** Of the other workspaces that see it. */
  sharedWith: string[];
  unread: number;
  /** Latest ones, oldest first. */
  messages: ShownMessage[];
}

/** With the values filled in so far. */
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

/** `id` increases. */
export interface ShownRefusal extends Pick<Refusal, 'at' | 'where' | 'error' | 'pointer' | 'message'> {
  id: number;
  /** Without the `#`. */
  channelName?: string;
}

export interface BoardButton {
  id: string;
  label: string;
  group: string;
}

export interface Snapshot {
  /** Milliseconds since 1970. */
  now: number;
  /** Of the machine's clock. Milliseconds. */
  ahead: number;
  app: string;
  isInstalled: boolean;
  team: { id: string; name: string };
  you: Person;
  viewedAs: string;
  viewers: { value: string; label: string }[];
  people: Person[];
  channels: ShownChannel[];
  home: ShownView | undefined;
  /** Bottom first. */
  modals: ShownView[];
  refusals: ShownRefusal[];
  /** None without a local Perly. */
  board: BoardButton[];
}
