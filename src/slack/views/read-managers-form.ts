import type { ViewOutput } from '@slack/bolt';
import { readFields } from './inputs.ts';
import { type ManagersKind, type ManagersMetadata, managersMetadataSchema } from './managers-modal.ts';

/** What has been chosen so far; while people are hidden, they are those who were chosen before. */
export function readManagersForm(view: Pick<ViewOutput, 'state' | 'private_metadata'>): {
  kind: ManagersKind;
  metadata: ManagersMetadata;
} {
  const metadata = managersMetadataSchema.parse(JSON.parse(view.private_metadata));
  const fields = readFields(view);
  const people = fields.get('people')?.selected_users ?? metadata.people;
  const kind = fields.get('kind')?.selected_option?.value === 'everyone' ? 'everyone' : 'people';
  const chosen = fields.get('external')?.selected_options;
  const external = chosen === undefined ? metadata.external : chosen.length > 0;
  return { kind, metadata: { ...metadata, people, external } };
}
