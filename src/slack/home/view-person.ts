import type { ViewOutput } from '@slack/bolt';
import { z } from 'zod';
import type { People, Person } from '../../channels/people.ts';
import type { Viewer } from '../../domain/permissions.ts';
import { teamIdOf } from '../../store/channels/store.ts';
import { channelOfBlock } from '../views/action-ids.ts';
import type { ClientOf, ViewsClient } from './services.ts';

const metadataSchema = z
  .string()
  .transform((json): unknown => JSON.parse(json))
  .pipe(
    z.union([
      z.looseObject({ channelId: z.string() }).transform(({ channelId }) => teamIdOf(channelId)),
      z.looseObject({ teamId: z.string() }).transform(({ teamId }) => teamId),
    ]),
  );

/**
 * The payload may name another workspace if an organisation has several installations.
 * @see https://github.com/slackapi/bolt-python/issues/1229
 */
export function workspaceOfView(view: Pick<ViewOutput, 'private_metadata'> | undefined): string | undefined {
  try {
    return metadataSchema.safeParse(view?.private_metadata).data;
  } catch {
    return undefined;
  }
}

/**
 * `undefined` if the channel is of another workspace than that Home: Slack keeps a view's metadata to itself, but
 * the id of a block passes through the client of whoever clicks.
 */
export function channelOfButton(
  { view }: { view?: Pick<ViewOutput, 'private_metadata'> },
  blockId: string,
): string | undefined {
  const channelId = channelOfBlock(blockId);
  return teamIdOf(channelId) === workspaceOfView(view) ? channelId : undefined;
}

/** Finds the person in the view's workspace; `undefined` for another organisation, or if the app was removed. */
export async function personOfView(
  { people, clientOf }: { people: Pick<People, 'findInsiderOfView'>; clientOf: ClientOf },
  body: Person & { view?: ViewOutput },
): Promise<{ viewer: Viewer; client: ViewsClient } | undefined> {
  const teamId = workspaceOfView(body.view);
  if (teamId === undefined) return undefined;
  const [viewer, client] = await Promise.all([people.findInsiderOfView(teamId, body), clientOf(teamId)]);
  return viewer === undefined || client === undefined ? undefined : { viewer, client };
}
