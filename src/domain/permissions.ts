export type Viewer = { teamId: string; userId: string };

export function mayManage(
  { teamId, managers }: { teamId: string; managers: 'everyone' | readonly string[] },
  viewer: Viewer,
): boolean {
  return teamId === viewer.teamId && (managers === 'everyone' || managers.includes(viewer.userId));
}

export type PersonFacts = {
  workspace: { teamId: string; enterpriseId: string | null };
  /** `user.team_id`: the home workspace or the organisation, if Slack says it. */
  homeId: string | undefined;
  /** The organisation of the home workspace, if Slack says it or the app is installed there too. */
  homeEnterpriseId: string | null | undefined;
  /** True if they manage the channel, installed the app, or have been shown the workspace's Home. */
  isKnown: boolean;
};

/**
 * On Enterprise Grid, `user.team_id` can name a workspace without the app, of any organisation.
 * @see https://github.com/slackapi/bolt-js/issues/1875 and https://github.com/slackapi/java-slack-sdk/issues/1041
 */
export function isInsider(facts: PersonFacts): boolean {
  const { workspace, homeId, homeEnterpriseId, isKnown } = facts;
  if (homeId === workspace.teamId) return true;
  if (workspace.enterpriseId !== null && [homeId, homeEnterpriseId].includes(workspace.enterpriseId))
    return true;
  return isKnown && !isOfAnotherOrganisation(facts);
}

function isOfAnotherOrganisation({ workspace, homeId, homeEnterpriseId }: PersonFacts): boolean {
  if (homeId === undefined) return false;
  return homeEnterpriseId !== undefined || homeId.startsWith('E') || workspace.enterpriseId === null;
}
