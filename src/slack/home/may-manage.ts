import type { Channel } from '../../store/channels.ts';
import type { Viewer } from '../install/slack-links.ts';

/** Whether somebody may change a channel's settings: one of its managers, or anybody where everyone is one. */
export function mayManage(
  { teamId, managers }: Pick<Channel, 'teamId' | 'managers'>,
  viewer: Viewer,
): boolean {
  return teamId === viewer.teamId && (managers === 'everyone' || managers.includes(viewer.userId));
}
