import type { SlackApp } from './app.ts';
import type { AppAnswer, AppClient } from './app-client.ts';
import type { Json } from './element-values.ts';
import type { EventDelivery } from './event-delivery.ts';
import type { SlackModel } from './model.ts';
import type { View, Views } from './views.ts';

export interface Events {
  /** In an envelope, which can be overridden. Resolves with the first answer; an unacknowledged event is repeated. */
  sendEvent(event: Json & { type: string }, more?: { teamId?: string; envelope?: Json }): Promise<AppAnswer>;
  /** @returns the app's answers */
  repeatEvents(): Promise<AppAnswer[]>;
  unacknowledgedEvents(): number;
  sendUrlVerification(challenge?: string): Promise<AppAnswer>;
  /**
   * Resolves when the app has answered, which may be before it publishes.
   * @param teamId the app's workspace, for a person of another organisation
   */
  openHome(user: string, teamId?: string): Promise<AppAnswer>;
  /** Invalidates the token and webhooks, and sends the events in the given order. */
  uninstall(teamId?: string, order?: readonly ('app_uninstalled' | 'tokens_revoked')[]): Promise<AppAnswer[]>;
  /** The workspace keeps the app. Slack sends `tokens_revoked` with that person and no bot. */
  revokeAuthorization(user: string, teamId?: string): Promise<AppAnswer>;
}

/** https://docs.slack.dev/apis/events-api/#callback-field */
export function createEvents(
  model: SlackModel,
  views: Views,
  app: SlackApp,
  client: AppClient,
  delivery: EventDelivery,
): Events {
  const envelope = (event: Json, teamId: string) => {
    const installation = model.installations.get(teamId);
    const enterpriseId = model.team(teamId).enterpriseId ?? null;
    return {
      token: app.verificationToken,
      team_id: teamId,
      enterprise_id: enterpriseId,
      context_team_id: teamId,
      context_enterprise_id: enterpriseId,
      api_app_id: app.id,
      event,
      type: 'event_callback',
      event_id: model.ids.id('Ev'),
      event_time: Math.floor(model.clock() / 1000),
      authorizations: [
        {
          enterprise_id: enterpriseId,
          team_id: teamId,
          user_id: installation?.botUserId ?? null,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: false,
    };
  };

  const sendEvent: Events['sendEvent'] = (event, more = {}) => {
    const full = envelope({ ...event, event_ts: model.nextTs() }, model.team(more.teamId).id);
    return delivery.send({ ...full, ...more.envelope });
  };

  return {
    sendEvent,
    repeatEvents: () => delivery.sendDueRepeats(),
    unacknowledgedEvents: () => delivery.waiting,
    sendUrlVerification: (challenge = model.ids.secret(40)) =>
      client.postJson({ token: app.verificationToken, challenge, type: 'url_verification' }),

    openHome: (who, teamId) => {
      const user = model.users.get(who) ?? model.user(who, teamId);
      const team = model.team(teamId ?? user.teamId);
      const view: View | undefined = views.home(team.id, user.id);
      const event = {
        type: 'app_home_opened',
        user: user.id,
        channel: `D${user.id.slice(1)}`,
        tab: 'home',
        ...(view && { view: views.output(view) }),
      };
      const home = model.team(user.teamId);
      const { homeOpenedIn } = model.habits;
      if (user.teamIds.has(team.id)) {
        if (homeOpenedIn === 'home only') return sendEvent(event, { teamId: home.id });
        const named = { team_id: home.id, enterprise_id: home.enterpriseId ?? null };
        return sendEvent(event, { teamId: team.id, ...(homeOpenedIn === 'home' && { envelope: named }) });
      }
      const stranger = {
        team_id: home.id,
        enterprise_id: home.enterpriseId ?? null,
        is_ext_shared_channel: true,
      };
      return sendEvent(event, { teamId: team.id, envelope: stranger });
    },

    uninstall: async (teamId, order = ['tokens_revoked', 'app_uninstalled']) => {
      const { id } = model.team(teamId);
      const installation = model.installations.get(id);
      if (installation === undefined) throw new Error(`the app is not installed in ${id}`);
      installation.active = false;
      for (const webhook of model.webhooks.values()) {
        if (webhook.teamId === id) webhook.revokedAs ??= 'no_service';
      }
      views.forget(id);
      const answers: AppAnswer[] = [];
      for (const type of order) {
        const tokens = { oauth: [], bot: [installation.botUserId] };
        const event = type === 'tokens_revoked' ? { type, tokens } : { type };
        answers.push(await sendEvent(event, { teamId: id }));
      }
      return answers;
    },

    revokeAuthorization: (who, teamId) => {
      const user = model.user(who, teamId);
      const tokens = { oauth: [user.id], bot: [] };
      return sendEvent({ type: 'tokens_revoked', tokens }, { teamId: user.teamId });
    },
  };
}
