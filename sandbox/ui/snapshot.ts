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

/** A message as its readers get it. */
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
  /** The names of the other workspaces that see it, of the same organisation or another one. */
  sharedWith: string[];
  /** How many of its messages the person has not seen. */
  unread: number;
  /** The latest ones, the oldest first. */
  messages: ShownMessage[];
}

/** A Home tab or a modal, with what its person has filled in so far. */
export interface ShownView {
  id: string;
  blocks: KnownBlock[];
  /** Undefined in a Home tab, as the next two are. */
  title: PlainTextElement | undefined;
  /** Undefined where there is nothing to submit. */
  submit: PlainTextElement | undefined;
  close: PlainTextElement | undefined;
  values: StateValues;
}

/** What Slack refused, for the developer to see; `id` rises. */
export interface ShownRefusal extends Pick<Refusal, 'at' | 'where' | 'error' | 'pointer' | 'message'> {
  id: number;
  /** Without the `#`; undefined where the refusal is not of a channel. */
  channelName?: string;
}

/** A button of the local Perly's board. */
export interface BoardButton {
  id: string;
  label: string;
  group: string;
}

/** Everything that one person's Slack shows, and what stands beside it. */
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
  /** Which of `lookers` the person is. */
  looksAs: string;
  /** Everyone as whom one can look, as `?user=` has it. */
  lookers: { value: string; label: string }[];
  /** Everyone whom a message can mention. */
  people: Person[];
  channels: ShownChannel[];
  home: ShownView | undefined;
  /** The open modals, the undermost first. */
  modals: ShownView[];
  refusals: ShownRefusal[];
  /** The board's buttons; none where there is no Perly beside this Slack. */
  board: BoardButton[];
}
