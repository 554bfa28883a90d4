import type { SlackModel } from './model.ts';
import type { Method } from './web-api.ts';

/** https://docs.slack.dev/reference/methods/auth.test */
export function authTest(model: SlackModel): Method {
  return ({ installation }) => {
    const team = model.team(installation.teamId);
    return {
      ok: true,
      url: `https://${team.domain}.slack.com/`,
      team: team.name,
      user: 'perly',
      team_id: team.id,
      user_id: installation.botUserId,
      bot_id: installation.botId,
      is_enterprise_install: false,
    };
  };
}
