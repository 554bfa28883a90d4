import type { Installation } from '@slack/oauth';
import type { Picked } from '../../channels/connect.ts';
import { isOnOrigin } from '../../lib/is-on-origin.ts';
import type { SlackUrls } from '../slack-urls.ts';
import { PageError } from './page-error.ts';

/** @param origins the allowed origins of webhooks @throws PageError */
export function toConnection(
  installation: Installation,
  origins: readonly string[],
  slackUrls: Pick<SlackUrls, 'toOwnPage'>,
): Picked {
  const { team, user, incomingWebhook } = installation;
  if (team === undefined || installation.isEnterpriseInstall === true)
    throw new PageError('org_install_unsupported', 'Slack granted this for a whole organisation.');
  if (installation.bot === undefined || incomingWebhook?.channelId === undefined)
    throw new PageError('no_channel_picked', 'Slack gave no incoming webhook.');
  if (!isOnOrigin(incomingWebhook.url, origins))
    throw new PageError('webhook_origin_not_allowed', 'The webhook is not on one of SLACK_WEBHOOK_ORIGINS.');
  const slackChannelId = incomingWebhook.channelId;
  const name = incomingWebhook.channel ?? slackChannelId;
  if (isDirectMessage({ slackChannelId, name }))
    throw new PageError('direct_message_picked', 'Alerts are not posted to direct messages.');
  return {
    teamId: team.id,
    teamName: team.name ?? null,
    slackChannelId,
    name,
    webhookUrl: incomingWebhook.url,
    configurationUrl: slackUrls.toOwnPage(incomingWebhook.configurationUrl) ?? null,
    connectedBy: user.id,
  };
}

/** True for a person (`@name`), a group (`mpdm-a--b-1`) or Slackbot, which Slack's picker offers as well. */
export function isDirectMessage({ slackChannelId, name }: { slackChannelId: string; name: string }): boolean {
  return slackChannelId.startsWith('D') || /^(@|#?mpdm-|directmessage$|slackbot$)/i.test(name);
}
