/** Who sees a link in Slack. */
export type Viewer = { teamId: string; userId: string };

/** Whether somebody may change a channel's settings: one of its managers, or anybody where everyone is one. */
export function mayManage(
  { teamId, managers }: { teamId: string; managers: 'everyone' | readonly string[] },
  viewer: Viewer,
): boolean {
  return teamId === viewer.teamId && (managers === 'everyone' || managers.includes(viewer.userId));
}
