import type { MrkdwnElement, PlainTextElement } from '@slack/types';
import { describeOpenTime } from '../domain/reminder.ts';
import { maxNotRepeated } from '../domain/repeats.ts';
import { isolate } from './block-kit/clean.ts';
import { isUserId, mention, mrkdwn, plainText } from './block-kit/mrkdwn.ts';
import { readersTime } from './block-kit/time.ts';
import { countOf } from './labels.ts';

export interface AlertControls {
  ref: string;
  /** Incremented with each version of the message. */
  revision: number;
  /** `at` is of the entry's first alert, `lastAt` of its last. */
  acknowledged?: { by: string; at: Date; lastAt?: Date } | undefined;
  openMs?: number | undefined;
  undone?: { by: string; at: Date } | undefined;
  /** `by` is a user's id, or Perly. */
  muted?: { by: string; until: Date; reason?: string | undefined } | undefined;
  /** Number of suppressed similar alerts before this one; `maxNotRepeated` means that many or more. */
  notRepeated?: { count: number; since: Date } | undefined;
  /** The Slack user to be mentioned. */
  owner?: string | undefined;
}

/** Holds controls by event id. An alert without any can only be opened. */
export type ControlsByEvent = ReadonlyMap<string, AlertControls>;

export const noControls: ControlsByEvent = new Map();

export function hasStatus(controls: ControlsByEvent): boolean {
  return [...controls.values()].some(({ ref, revision, ...status }) =>
    Object.values(status).some((value) => value !== undefined),
  );
}

export function withoutStatus(controls: ControlsByEvent): ControlsByEvent {
  return new Map([...controls].map(([id, { ref, revision }]) => [id, { ref, revision }]));
}

export const acknowledgeActionId = 'acknowledge';
export const undoActionId = 'undo_acknowledge';
export const muteActionId = 'mute_customer';
export const unmuteActionId = 'unmute_customer';
export const menuActionId = 'alert_menu';

export const menuOptions = {
  open: 'open',
  acknowledge: 'acknowledge',
  mute: 'mute',
  unmute: 'unmute',
} as const;

/** "If a message is updated, use a new block_id": https://docs.slack.dev/reference/block-kit/blocks */
export function toBlockId({ ref, revision }: AlertControls): string {
  return `${ref}.${toVersion(revision)}`;
}

export function readBlockId(blockId: string): { ref: string; revision: number } | undefined {
  const [, ref, revision] = /^([\w-]{16})\.(\d\d)$/.exec(blockId) ?? [];
  return ref === undefined ? undefined : { ref, revision: Number(revision) };
}

/** The text is padded to a constant length, so that later versions of a message are no longer. */
export function toVersion(revision: number): string {
  return String(revision % 100).padStart(2, '0');
}

export function toOwnerMention(controls: AlertControls | undefined): MrkdwnElement[] {
  const owner = controls?.owner;
  return owner !== undefined && isUserId(owner) ? [mrkdwn(`Owner: ${mention(owner)}`)] : [];
}

/** The value is in milliseconds, so that a late click does not undo a later acknowledgement. */
export function toUndoValue({ at, lastAt = at }: { at: Date; lastAt?: Date }): string {
  return `undo_${lastAt.getTime()}`;
}

export function readUndoValue(value: string): Date | undefined {
  const [, time] = /^undo_(\d{1,15})$/.exec(value) ?? [];
  return time === undefined ? undefined : new Date(Number(time));
}

/** @param isShort if true, leaves out what is not essential */
export function toStatusLines(
  controls: AlertControls | undefined,
  isShort = false,
): (MrkdwnElement | PlainTextElement)[] {
  const { acknowledged, undone, muted, openMs, notRepeated } = controls ?? {};
  const lines = [
    ...(notRepeated && !isShort ? [toRepeatLine(notRepeated)] : []),
    ...(openMs !== undefined && !acknowledged ? [toReminderLine(openMs)] : []),
    ...(acknowledged
      ? [`✓ Acknowledged by ${mention(acknowledged.by)} · ${readersTime(acknowledged.at.toISOString())}`]
      : []),
    ...(undone && !acknowledged && !isShort
      ? [`Acknowledgement undone by ${mention(undone.by)} · ${readersTime(undone.at.toISOString())}`]
      : []),
    ...(muted ? [`Muted until ${readersTime(muted.until.toISOString())} by ${muterName(muted.by)}`] : []),
  ].map(mrkdwn);
  return muted?.reason === undefined || isShort ? lines : [...lines, plainText(toReasonLine(muted.reason))];
}

/** `⏰ Still open for 1 hour` */
export function toReminderLine(openMs: number): string {
  return `⏰ Still open for ${describeOpenTime(openMs)}`;
}

/** `3 similar alerts since yesterday at 3:05 PM were not repeated` */
function toRepeatLine({ count, since }: { count: number; since: Date }): string {
  const alerts =
    count < maxNotRepeated ? countOf(count, 'similar alert') : `${maxNotRepeated}+ similar alerts`;
  const were = count === 1 ? 'was' : 'were';
  return `${alerts} since ${readersTime(since.toISOString())} ${were} not repeated`;
}

export function toReasonLine(reason: string): string {
  return `Reason: ${isolate(reason)}`;
}

/** Mutes through the settings API have no Slack user. */
function muterName(by: string): string {
  return by === 'Perly' ? 'Perly' : mention(by);
}
