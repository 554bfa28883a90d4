import { z } from 'zod';
import { readBlockId } from './alert-controls.ts';
import { type DigestFrame, readDigestId, toDigestId } from './digest-header.ts';

/**
 * Alerts by ref, in order; or a digest, by the ref of each customer's latest alert. `isWhole`: it shows all of its
 * customers.
 */
export type PostedMessage =
  | { kind: 'alerts'; refs: string[] }
  | ({ kind: 'digest'; refs: string[]; isWhole: boolean } & DigestFrame);

const blocks = z.array(z.object({ block_id: z.string().optional() })).default([]);
const schema = z.object({ blocks, attachments: z.array(z.object({ blocks })).default([]) });

export function parsePostedMessage(message: unknown): PostedMessage | undefined {
  const { data } = schema.safeParse(message);
  if (data === undefined) return undefined;
  const entries = data.attachments.map((attachment) =>
    attachment.blocks.flatMap(({ block_id = '' }) => readBlockId(block_id)?.ref ?? []),
  );
  const refs = entries.flat();
  for (const { block_id = '' } of data.blocks) {
    const frame = readDigestId(block_id);
    if (frame !== undefined)
      return { kind: 'digest', refs, isWhole: entries.every((entry) => entry.length > 0), ...frame };
  }
  return refs.length === 0 ? undefined : { kind: 'alerts', refs };
}

export function formatPostedIds(posted: PostedMessage): string[] {
  if (posted.kind === 'alerts') return posted.refs;
  return [toDigestId(posted), posted.isWhole ? 'whole' : 'part', ...posted.refs];
}

export function parsePostedIds(ids: string[]): PostedMessage {
  const [first = '', extent, ...refs] = ids;
  const frame = readDigestId(first);
  if (frame === undefined) return { kind: 'alerts', refs: ids };
  return { kind: 'digest', refs, isWhole: extent === 'whole', ...frame };
}
