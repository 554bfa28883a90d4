import type { Viewer } from '../install/slack-links.ts';

/**
 * Who did something, out of an interaction's payload. Somebody of another workspace, in a channel that is shared with it
 * say, is nobody here: they see no Home, and manage nothing.
 */
export function viewerOf(body: {
  team?: { id: string } | null;
  user: { id: string; team_id?: string };
}): Viewer | undefined {
  const teamId = body.team?.id;
  if (teamId === undefined) return undefined;
  if (body.user.team_id !== undefined && body.user.team_id !== teamId) return undefined;
  return { teamId, userId: body.user.id };
}
