import type { MrkdwnElement } from '@slack/types';
import { mention, mrkdwn } from './block-kit/mrkdwn.ts';
import { readersTime } from './block-kit/time.ts';

/** How the controls of one alert in a message know it, and what was done with them so far. */
export interface AlertControls {
  /** The delivery's `ref`. */
  ref: string;
  /** How often the message was replaced: Slack wants other ids in each of its versions. */
  revision: number;
  /** Who took care of the alert first, and when. */
  acknowledged?: { by: string; at: Date } | undefined;
  /** Until when its customer is muted in the channel, and who did it: a user's id, or Perly. */
  muted?: { by: string; until: Date } | undefined;
}

/** The controls of alerts, by the ids of their events. An alert without any can only be opened. */
export type ControlsByEvent = ReadonlyMap<string, AlertControls>;

export const noControls: ControlsByEvent = new Map();

/** The same, as if nobody had done anything. */
export function withoutStatus(controls: ControlsByEvent): ControlsByEvent {
  return new Map([...controls].map(([id, { ref, revision }]) => [id, { ref, revision }]));
}

/** What the controls send to the app. */
export const acknowledgeActionId = 'acknowledge';
export const muteActionId = 'mute_customer';
export const unmuteActionId = 'unmute_customer';
export const menuActionId = 'alert_menu';

/** The options of an alert's menu. */
export const menuOptions = {
  open: 'open',
  acknowledge: 'acknowledge',
  mute: 'mute',
  unmute: 'unmute',
} as const;

/** How long a customer can be muted, by the value that says so. */
export const muteOptions = {
  day: { label: '1 day', days: 1 },
  week: { label: '1 week', days: 7 },
  month: { label: '1 month', days: 30 },
} as const;

export type MutePeriod = keyof typeof muteOptions;

/** The choices to mute, in order. */
export const mutePeriods = ['day', 'week', 'month'] as const satisfies MutePeriod[];

/** Whether the value of an option is one of the ways to mute. */
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

/** What a `block_id` says of its alert; `undefined` for a block that is not one of an alert's controls. */
export function readBlockId(blockId: string): { ref: string; revision: number } | undefined {
  const [, ref, revision] = /^([\w-]{16})\.(\d\d)$/.exec(blockId) ?? [];
  return ref === undefined ? undefined : { ref, revision: Number(revision) };
}

/** A revision as it stands in ids: always of one length, so that a message of a later one is no longer. */
export function toVersion(revision: number): string {
  return String(revision % 100).padStart(2, '0');
}

/** What people did with an alert, who and when, each as a line; none if nobody did anything. */
export function toStatusLines(controls: AlertControls | undefined): MrkdwnElement[] {
  const { acknowledged, muted } = controls ?? {};
  return [
    ...(acknowledged
      ? [`✓ Acknowledged by ${mention(acknowledged.by)} · ${readersTime(acknowledged.at.toISOString())}`]
      : []),
    ...(muted ? [`Muted until ${readersTime(muted.until.toISOString())} by ${muterName(muted.by)}`] : []),
  ].map(mrkdwn);
}

/** Perly's own people mute by the settings API, without a name that Slack knows. */
function muterName(by: string): string {
  return by === 'Perly' ? 'Perly' : mention(by);
}
