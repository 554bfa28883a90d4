import type { ViewOutput } from '@slack/bolt';
import { fieldOf } from './inputs.ts';

export type FieldValue = ViewOutput['state']['values'][string][string];

/** What stands in the fields of a form, by their names; each block has one element. */
export function readFields({ state }: Pick<ViewOutput, 'state'>): Map<string, FieldValue | undefined> {
  return new Map(
    Object.entries(state.values).map(([blockId, actions]) => [fieldOf(blockId), Object.values(actions)[0]]),
  );
}
