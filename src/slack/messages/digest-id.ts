import { toVersion } from './alert-controls.ts';
import type { DigestInput } from './digest.ts';

/** What a digest says of itself, to be built anew when somebody did something with one of its entries. */
export type DigestFrame = Pick<DigestInput, 'reason' | 'part'>;

/** The `block_id` of a digest's heading: another one in each version of the message, as Slack wants it. */
export function toDigestId({ reason, part, revision = 0 }: DigestFrame & { revision?: number }): string {
  return `digest.${reason}.${part === undefined ? '' : `${part}.`}${toVersion(revision)}`;
}

/** What the `block_id` of a digest's heading says; `undefined` for any other block. */
export function readDigestId(blockId: string): DigestFrame | undefined {
  const [, reason, part] = /^digest\.(quiet_hours|broken)\.(?:(first|continued)\.)?\d\d$/.exec(blockId) ?? [];
  if (reason !== 'quiet_hours' && reason !== 'broken') return undefined;
  return {
    reason,
    ...((part === 'first' || part === 'continued') && { part }),
  };
}
