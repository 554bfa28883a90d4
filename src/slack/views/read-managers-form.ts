import type { ViewOutput } from '@slack/bolt';
import { fieldOf } from './inputs.ts';
import { type ManagersKind, type ManagersMetadata, managersMetadataSchema } from './managers-modal.ts';

/** What has been chosen so far; while people are hidden, they are those who were chosen before. */
export function readManagersForm(view: Pick<ViewOutput, 'state' | 'private_metadata'>): {
  kind: ManagersKind;
  metadata: ManagersMetadata;
} {
  const metadata = managersMetadataSchema.parse(JSON.parse(view.private_metadata));
  const fields = new Map(
    Object.entries(view.state.values).map(([blockId, actions]) => [
      fieldOf(blockId),
      Object.values(actions)[0],
    ]),
  );
  const people = fields.get('people')?.selected_users ?? metadata.people;
  const kind = fields.get('kind')?.selected_option?.value === 'everyone' ? 'everyone' : 'people';
  return { kind, metadata: { ...metadata, people } };
}
