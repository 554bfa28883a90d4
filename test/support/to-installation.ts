import type { Installation } from '@slack/oauth';
import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';

/** Converts Slack's answer as @slack/oauth does. */
export function toInstallation(
  { model }: LocalSlack,
  answer: ReturnType<LocalSlack['grant']>,
): Installation<'v2', false> {
  const { team, enterprise, incoming_webhook: webhook } = answer;
  return {
    team,
    enterprise: enterprise ?? undefined,
    user: { id: answer.authed_user.id, token: undefined, scopes: undefined },
    bot: {
      id: model.installations.get(team.id)?.botId ?? '',
      userId: answer.bot_user_id,
      scopes: answer.scope.split(','),
      token: answer.access_token,
    },
    ...(webhook && {
      incomingWebhook: {
        url: webhook.url,
        channel: webhook.channel,
        channelId: webhook.channel_id,
        configurationUrl: webhook.configuration_url,
      },
    }),
    appId: answer.app_id,
    tokenType: 'bot',
    isEnterpriseInstall: false,
    authVersion: 'v2',
  };
}
