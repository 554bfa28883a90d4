import type { SlackApp } from './app.ts';
import { initialValue, type Json, type StateValues } from './element-values.ts';
import { elementsOfMessage, type Placed } from './find-element.ts';
import type { SlackModel } from './model.ts';
import { enterpriseOf } from './oauth-access.ts';
import type { Message, Team, User } from './records.ts';
import type { View, Views } from './views.ts';

export type Place = { message: Message } | { view: View };

/** https://docs.slack.dev/reference/interaction-payloads */
export class Payloads {
  readonly #model: SlackModel;
  readonly #views: Views;
  readonly #app: SlackApp;

  constructor(model: SlackModel, views: Views, app: SlackApp) {
    this.#model = model;
    this.#views = views;
    this.#app = app;
  }

  /** `value` is the choice, for elements with a value. */
  blockActions(
    user: User,
    place: Place,
    placed: Placed,
    value: Json,
    { triggerId, responseUrl }: { triggerId: string; responseUrl: string | undefined },
  ): Json {
    const { element, actionId, blockId } = placed;
    const { type, text, value: own, url, style, confirm, placeholder } = element;
    const shown = { text, value: own, url, style, confirm, placeholder };
    return {
      type: 'block_actions',
      ...this.#common(user, place),
      container: this.#container(place, placed),
      trigger_id: triggerId,
      ...this.#seen(place, placed, value),
      ...(responseUrl !== undefined && { response_url: responseUrl }),
      actions: [
        { type, action_id: actionId, block_id: blockId, ...shown, ...value, action_ts: this.#model.nextTs() },
      ],
    };
  }

  blockSuggestion(user: User, place: Place, placed: Placed, query: string): Json {
    const { message: _message, state: _state, ...seen } = this.#seen(place, placed, {});
    return {
      type: 'block_suggestion',
      ...this.#common(user, place),
      container: this.#container(place, placed),
      ...seen,
      action_id: placed.actionId,
      block_id: placed.blockId,
      value: query,
    };
  }

  viewSubmission(user: User, view: View, triggerId: string): Json {
    const output = this.#views.output(view);
    return {
      type: 'view_submission',
      ...this.#common(user, { view }),
      trigger_id: triggerId,
      view: output,
      response_urls: [],
    };
  }

  viewClosed(user: User, view: View, isCleared: boolean): Json {
    const output = this.#views.output(view);
    return { type: 'view_closed', ...this.#common(user, { view }), view: output, is_cleared: isCleared };
  }

  #common(user: User, place: Place): Json {
    const team = this.#teamOf(user, place);
    const enterprise = team && enterpriseOf(this.#model, team);
    const home = this.#model.team(user.teamId);
    const teamId = this.#model.habits.userTeam === 'organisation' ? (home.enterpriseId ?? home.id) : home.id;
    return {
      team: team && {
        id: team.id,
        domain: team.domain,
        ...(enterprise && { enterprise_id: enterprise.id, enterprise_name: enterprise.name }),
      },
      user: { id: user.id, username: user.name, name: user.name, team_id: teamId },
      api_app_id: this.#app.id,
      token: this.#app.verificationToken,
      enterprise: enterprise ?? null,
      is_enterprise_install: false,
    };
  }

  /**
   * For a view in an organisation with several installations, it is wrong: the latest one's
   * (https://github.com/slackapi/bolt-js/issues/1875).
   */
  #teamOf(user: User, place: Place): Team | null {
    const model = this.#model;
    if ('view' in place) {
      const { enterpriseId, id } = model.team(place.view.teamId);
      const latest = [...model.installations.keys()].findLast(
        (installed) => enterpriseId !== undefined && model.team(installed).enterpriseId === enterpriseId,
      );
      return model.team(latest ?? id);
    }
    const own = model.team(place.message.teamId);
    const home = model.team(user.teamId);
    const isInside =
      user.teamIds.has(own.id) || (own.enterpriseId !== undefined && own.enterpriseId === home.enterpriseId);
    if (isInside || model.habits.connectTeam === 'app') return own;
    return model.habits.connectTeam === 'theirs' ? home : null;
  }

  #container(place: Place, { attachmentId }: Placed): Json {
    if ('view' in place) return { type: 'view', view_id: place.view.id };
    const { ts, ephemeralTo } = place.message;
    return {
      type: attachmentId === undefined ? 'message' : 'message_attachment',
      message_ts: ts,
      ...(attachmentId !== undefined && { attachment_id: attachmentId }),
      channel_id: this.#channelId(place.message),
      is_ephemeral: ephemeralTo !== undefined,
      is_app_unfurl: false,
    };
  }

  #channelId({ channelId }: Message): string {
    return this.#model.channels.get(channelId)?.sharedId ?? channelId;
  }

  #seen(place: Place, placed: Placed, value: Json): Json {
    if ('view' in place) return { view: this.#views.output(place.view) };
    const { message } = place;
    return {
      channel: { id: this.#channelId(message), name: message.channelName },
      message: this.message(message),
      state: { values: stateOf(message, placed, value) },
    };
  }

  message(message: Message): Json {
    const installation = this.#model.installations.get(message.teamId);
    return {
      ...message.shown,
      type: 'message',
      subtype: 'bot_message',
      text: message.shown.text ?? "This content can't be displayed.",
      ts: message.ts,
      bot_id: message.webhookId ?? installation?.botId,
      app_id: this.#app.id,
      team: message.teamId,
    };
  }
}

/** Initial ones, and the one just chosen. */
function stateOf(message: Message, used: Placed, value: Json): StateValues {
  const values: StateValues = {};
  for (const { element, blockId, actionId } of elementsOfMessage(message.shown)) {
    const isUsed = blockId === used.blockId && actionId === used.actionId;
    const first = initialValue(element);
    if (first !== undefined) values[blockId] = { ...values[blockId], [actionId]: isUsed ? value : first };
  }
  return values;
}
