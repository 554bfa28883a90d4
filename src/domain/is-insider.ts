/** What is known of somebody who did something in a workspace. */
export type PersonFacts = {
  /** The workspace that the app is installed in, with its organisation on Enterprise Grid; `null` off the Grid. */
  workspace: { teamId: string; enterpriseId: string | null };
  /** `user.team_id`: the home workspace or the organisation; `undefined` where Slack does not say. */
  homeId: string | undefined;
  /** The organisation of the home workspace, where Slack says it or the app is installed there too. */
  homeEnterpriseId: string | null | undefined;
  /** Whether they are a manager of the channel, installed the app, or were shown the workspace's Home. */
  isKnown: boolean;
};

/**
 * Whether somebody belongs to a workspace or to its organisation, rather than to another organisation with which a
 * channel is shared. On Enterprise Grid `user.team_id` can name a workspace without the app, of any organisation: only
 * who is known is an insider then.
 *
 * @see https://github.com/slackapi/bolt-js/issues/1875 and https://github.com/slackapi/java-slack-sdk/issues/1041
 */
export function isInsider(facts: PersonFacts): boolean {
  const { workspace, homeId, homeEnterpriseId, isKnown } = facts;
  if (homeId === workspace.teamId) return true;
  if (workspace.enterpriseId !== null && [homeId, homeEnterpriseId].includes(workspace.enterpriseId))
    return true;
  return isKnown && !isOfAnotherOrganisation(facts);
}

/** Whether Slack's ids leave no doubt. */
function isOfAnotherOrganisation({ workspace, homeId, homeEnterpriseId }: PersonFacts): boolean {
  if (homeId === undefined) return false;
  return homeEnterpriseId !== undefined || homeId.startsWith('E') || workspace.enterpriseId === null;
}
