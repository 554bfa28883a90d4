import type { App } from '@slack/bolt';
import { isIdentifier } from '../../../lib/identifier.ts';
import type { HomePublisher } from '../../home/publisher.ts';
import type { HomeServices } from '../../home/services.ts';

type Envelope = {
  team_id?: string;
  enterprise_id?: string;
  context_team_id?: string;
  context_enterprise_id?: string;
  is_ext_shared_channel?: boolean;
  authorizations?: { team_id: string | null; enterprise_id: string | null }[];
};

/** Ids are absent if Slack does not name them. */
type PossibleHome = { teamId?: string | undefined; enterpriseId?: string | undefined };

/** Maximum number of workspaces to try if Slack does not say where in the organisation Home was opened. */
const maxWorkspaces = 10;

/**
 * People from another organisation, who open the app under "Connections", are shown nothing
 * (https://github.com/slackapi/bolt-js/issues/1948).
 */
export function register(
  app: App,
  { people, installations }: Pick<HomeServices, 'people' | 'installations'>,
  publisher: Pick<HomePublisher, 'show'>,
): void {
  /** On Enterprise Grid, an event may name only the person's own workspace, which does not have the app. */
  async function findWorkspaces(teamId: string, body: Envelope): Promise<string[]> {
    if ((await installations.findEnterprise(teamId)) !== undefined) return [teamId];
    const enterpriseId = body.enterprise_id ?? body.authorizations?.[0]?.enterprise_id;
    return enterpriseId == null ? [] : installations.listOfEnterprise(enterpriseId, maxWorkspaces);
  }

  async function isInsider(teamId: string, userId: string, body: Envelope): Promise<boolean> {
    const own = body.authorizations?.find((one) => one.team_id === teamId);
    const team = { id: teamId, enterprise_id: own?.enterprise_id ?? undefined };
    for (const home of otherHomes(teamId, body)) {
      const user = { id: userId, team_id: home.teamId };
      const person = { team, user, homeEnterpriseId: home.enterpriseId };
      if ((await people.findInsider({ teamId }, person)) === undefined) return false;
    }
    return true;
  }

  app.event('app_home_opened', async ({ event, body, context }) => {
    if (event.tab !== 'home' || context.teamId === undefined || !isIdentifier(event.user)) return;
    for (const teamId of await findWorkspaces(context.teamId, body))
      if (await isInsider(teamId, event.user, body))
        await publisher.show({ teamId, userId: event.user, page: 0 });
  });
}

function otherHomes(teamId: string, body: Envelope): PossibleHome[] {
  const named = [
    { teamId: body.team_id, enterpriseId: body.enterprise_id },
    { teamId: body.context_team_id, enterpriseId: body.context_enterprise_id },
  ];
  const others = named.filter((home) => home.teamId !== undefined && home.teamId !== teamId);
  return others.length === 0 && body.is_ext_shared_channel === true ? [{}] : others;
}
