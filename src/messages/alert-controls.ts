import type { MrkdwnElement } from '@slack/types';
import { mention, mrkdwn } from './block-kit/mrkdwn.ts';
import { readersTime } from './block-kit/time.ts';

export interface AlertControls {
  /** The delivery's `ref`. */
  ref: string;
  /** How many times the message was replaced: Slack wants new ids in each version. */
  revision: number;
  /** Who acknowledged the alert first, and when. */
  acknowledged?: { by: string; at: Date } | undefined;
  /** Until when its customer is muted in the channel, and by whom: a user's id, or Perly. */
  muted?: { by: string; until: Date } | undefined;
}

/** The controls of alerts, by event id. An alert without any can only be opened. */
export type ControlsByEvent = ReadonlyMap<string, AlertControls>;

export const noControls: ControlsByEvent = new Map();

export function withoutStatus(controls: ControlsByEvent): ControlsByEvent {
  return new Map([...controls].map(([id, { ref, revision }]) => [id, { ref, revision }]));
}

export const acknowledgeActionId = 'acknowledge';
export const muteActionId = 'mute_customer';
export const unmuteActionId = 'unmute_customer';
export const menuActionId = 'alert_menu';

export const menuOptions = {
  open: 'open',
  acknowledge: 'acknowledge',
  mute: 'mute',
  unmute: 'unmute',
} as const;

export const muteOptions = {
  day: { label: '1 day', days: 1 },
  week: { label: '1 week', days: 7 },
  month: { label: '1 month', days: 30 },
} as const;

export type MutePeriod = keyof typeof muteOptions;

export const mutePeriods = ['day', 'week', 'month'] as const satisfies MutePeriod[];

export function isMutePeriod(value: string): value is MutePeriod {
  return Object.hasOwn(muteOptions, value);
}

/**
 * The `block_id` of an alert's controls. "If a message is updated, use a new block_id":
 * https://docs.slack.dev/reference/block-kit/blocks
 */
export function toBlockId({ ref, revision }: AlertControls): string {
  return `${ref}.${toVersion(revision)}`;
}

/** Parses a `block_id`; `undefined` for a block without an alert's controls. */
export function readBlockId(blockId: string): { ref: string; revision: number } | undefined {
  const [, ref, revision] = /^([\w-]{16})\.(\d\d)$/.exec(blockId) ?? [];
  return ref === undefined ? undefined : { ref, revision: Number(revision) };
}

/** A revision in ids, padded to a constant length so that later versions of a message are no longer. */
export function toVersion(revision: number): string {
  return String(revision % 100).padStart(2, '0');
}

export function toStatusLines(controls: AlertControls | undefined): MrkdwnElement[] {
  const { acknowledged, muted } = controls ?? {};
  return [
    ...(acknowledged
      ? [`✓ Acknowledged by ${mention(acknowledged.by)} · ${readersTime(acknowledged.at.toISOString())}`]
      : []),
    ...(muted ? [`Muted until ${readersTime(muted.until.toISOString())} by ${muterName(muted.by)}`] : []),
  ].map(mrkdwn);
}

/** Mutes through the settings API have no Slack user. */
function muterName(by: string): string {
  return by === 'Perly' ? 'Perly' : mention(by);
}
