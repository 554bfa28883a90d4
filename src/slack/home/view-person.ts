import type { ViewOutput } from '@slack/bolt';
import type { People, Person } from '../../channels/people.ts';
import type { Viewer } from '../../domain/permissions.ts';
import type { ClientOf, ViewsClient } from './services.ts';
import { workspaceOfView } from './view-workspace.ts';

/**
 * Who clicked in a view of ours, in the workspace that the view is of, with that workspace's Web API; `undefined` for
 * somebody of another organisation, and where the app was removed.
 */
export async function personOfView(
  { people, clientOf }: { people: Pick<People, 'findInsiderOfView'>; clientOf: ClientOf },
  body: Person & { view?: ViewOutput },
): Promise<{ viewer: Viewer; client: ViewsClient } | undefined> {
  const teamId = workspaceOfView(body.view);
  if (teamId === undefined) return undefined;
  const [viewer, client] = await Promise.all([people.findInsiderOfView(teamId, body), clientOf(teamId)]);
  return viewer === undefined || client === undefined ? undefined : { viewer, client };
}
