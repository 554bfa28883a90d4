import type { SlackApp } from './app.ts';
import { type Grant, redeem } from './grants.ts';
import type { SlackModel } from './model.ts';
import type { Enterprise, Installation, Team, Webhook } from './records.ts';

export interface AccessCall {
  clientId: string | undefined;
  clientSecret: string | undefined;
  code: string | undefined;
  redirectUri: string | undefined;
  grantType: string | undefined;
}

/**
 * With the scope `incoming-webhook` also a new webhook (https://docs.slack.dev/reference/methods/oauth.v2.access).
 * @param origin the start of its URL
 */
export function oauthAccess(
  model: SlackModel,
  app: SlackApp,
  grants: ReadonlyMap<string, Grant>,
  origin: string,
  call: AccessCall,
): Record<string, unknown> {
  if (call.clientId !== app.clientId) return { ok: false, error: 'invalid_client_id' };
  if (call.clientSecret !== app.clientSecret) return { ok: false, error: 'bad_client_secret' };
  if ((call.grantType ?? 'authorization_code') !== 'authorization_code') {
    return { ok: false, error: 'invalid_grant_type' };
  }
  const grant = redeem(grants, call.code, call.redirectUri, model.clock());
  if (typeof grant === 'string') return { ok: false, error: grant };
  return { ok: true, ...grantAccess(model, app, grant, origin) };
}

/** Without `ok`. */
export type AccessAnswer = ReturnType<typeof grantAccess>;

type NewGrant = Pick<Grant, 'teamId' | 'userId' | 'channelId' | 'scopes'>;

/** Installs the app. @param origin the start of the new webhook's URL */
export function grantAccess(model: SlackModel, app: SlackApp, grant: NewGrant, origin: string) {
  const team = model.team(grant.teamId);
  const installation = install(model, grant);
  const webhook = grant.channelId === undefined ? undefined : addWebhook(model, grant, origin);
  const picked = webhook && model.channel(webhook.channelId);
  model.emit('installation', installation);
  return {
    app_id: app.id,
    authed_user: { id: grant.userId },
    scope: installation.scopes.join(','),
    token_type: 'bot',
    access_token: installation.botToken,
    bot_user_id: installation.botUserId,
    team: { id: team.id, name: team.name },
    enterprise: enterpriseOf(model, team) ?? null,
    is_enterprise_install: false,
    ...(webhook &&
      picked && {
        incoming_webhook: {
          channel: picked.isDirect ? picked.name : `#${picked.name}`,
          channel_id: webhook.channelId,
          configuration_url: webhook.configurationUrl,
          url: webhook.url,
        },
      }),
  };
}

/** Undefined off Enterprise Grid. */
export function enterpriseOf(model: SlackModel, { enterpriseId }: Team): Enterprise | undefined {
  return enterpriseId === undefined ? undefined : model.enterprises.get(enterpriseId);
}

/** A workspace that has the app keeps its bot token; scopes accumulate over installs. */
function install(model: SlackModel, grant: NewGrant): Installation {
  const known = model.installations.get(grant.teamId);
  if (known?.active) {
    known.scopes = [...new Set([...known.scopes, ...grant.scopes])];
    known.installedBy = grant.userId;
    known.installedAt = model.clock();
    return known;
  }
  const installation: Installation = {
    teamId: grant.teamId,
    botToken: `xoxb-${model.ids.digits(12)}-${model.ids.digits(13)}-${model.ids.secret(24)}`,
    botId: known?.botId ?? model.ids.id('B'),
    botUserId: known?.botUserId ?? model.ids.id('U'),
    scopes: [...grant.scopes],
    installedBy: grant.userId,
    installedAt: model.clock(),
    active: true,
  };
  if (known) model.retiredTokens.add(known.botToken);
  model.installations.set(grant.teamId, installation);
  return installation;
}

function addWebhook(model: SlackModel, grant: NewGrant, origin: string): Webhook {
  const team = model.team(grant.teamId);
  const channel = model.channel(grant.channelId ?? '', team.id);
  const id = model.ids.id('B');
  const token = model.ids.secret(24);
  const webhook: Webhook = {
    id,
    token,
    teamId: team.id,
    channelId: channel.id,
    userId: grant.userId,
    url: `${origin}/services/${team.id}/${id}/${token}`,
    configurationUrl: `${origin}/services/${id}`,
    createdAt: model.clock(),
  };
  model.webhooks.set(id, webhook);
  return webhook;
}
