export type Viewer = { teamId: string; userId: string };

export function mayManage(
  { teamId, managers }: { teamId: string; managers: 'everyone' | readonly string[] },
  viewer: Viewer,
): boolean {
  return teamId === viewer.teamId && (managers === 'everyone' || managers.includes(viewer.userId));
}
