export type Viewer = { teamId: string; userId: string };

/** Whether somebody may change a channel's settings: its managers may, or everyone if the channel says so. */
export function mayManage(
  { teamId, managers }: { teamId: string; managers: 'everyone' | readonly string[] },
  viewer: Viewer,
): boolean {
  return teamId === viewer.teamId && (managers === 'everyone' || managers.includes(viewer.userId));
}
