import type { AppAnswer, AppClient } from './app-client.ts';
import { type Choice, chosenOptions, chosenValue, type Json } from './element-values.ts';
import { elementsOf, elementsOfMessage, findElement, type Placed, type Wanted } from './find-element.ts';
import type { SlackModel } from './model.ts';
import type { Payloads, Place } from './payloads.ts';
import type { User } from './records.ts';
import type { ResponseUrls } from './response-urls.ts';
import { inputErrors } from './submission.ts';
import { readSuggestions } from './suggestions.ts';
import type { Triggers } from './triggers.ts';
import { applySubmission, type Submitted } from './view-response.ts';
import type { View, Views } from './views.ts';

interface UserAction extends Wanted {
  /** Handle or id. */
  user: string;
  /** By default their home workspace. */
  teamId?: string;
  /** A message's `ts`, the Home tab, or the topmost modal. */
  on: string | 'home' | 'modal';
  /** An option's value or label, several of them, a text, a date; not needed for a button. */
  choice?: Choice;
}

export interface UserActions {
  /** A `confirm` dialog is answered with yes. */
  click(action: UserAction): Promise<AppAnswer>;
  /** The returned options can then be chosen. */
  suggest(action: UserAction & { query: string }): Promise<{ answer: AppAnswer; options: Json[] }>;
  /** Sends nothing. */
  enter(action: UserAction & { choice: Choice }): void;
  /** In the topmost modal, by `action_id` or `block_id`. Sends nothing. */
  fill(user: string, values: Record<string, Choice>, teamId?: string): void;
  /** Also applies the app's answer to the modal. */
  submitView(user: string, values?: Record<string, Choice>, teamId?: string): Promise<Submitted>;
  /** The topmost one, or all at once. */
  closeView(user: string, options?: { all?: boolean; teamId?: string }): Promise<AppAnswer[]>;
  /** Undefined until the app has published one. */
  home(user: string, teamId?: string): View | undefined;
  /** Bottom first. */
  modals(user: string, teamId?: string): readonly View[];
}

export function createUserActions(parts: {
  model: SlackModel;
  views: Views;
  triggers: Triggers;
  payloads: Payloads;
  responseUrls: ResponseUrls;
  client: AppClient;
}): UserActions {
  const { model, views, triggers, payloads, responseUrls, client } = parts;

  function placeOf(user: User, on: string, teamId?: string): { place: Place; elements: Placed[] } {
    if (on === 'home' || on === 'modal') {
      const view = on === 'home' ? views.home(teamId ?? user.teamId, user.id) : views.top(user.id);
      if (view === undefined) throw new Error(`${user.name} sees no ${on}`);
      return { place: { view }, elements: elementsOf(view.content.blocks) };
    }
    const message = model.message(on);
    if (message === undefined || !model.seesChannel(user, message.channelId))
      throw new Error(`no message ${on}`);
    return { place: { message }, elements: elementsOfMessage(message.shown) };
  }

  function topModal(user: User): View {
    const view = views.top(user.id);
    if (view === undefined) throw new Error(`${user.name} sees no modal`);
    return view;
  }

  function choose(view: View, placed: Placed, choice: Choice): Json {
    const chosen = view.values[placed.blockId]?.[placed.actionId] ?? {};
    const suggested = [...chosenOptions(chosen), ...(view.suggested.get(placed.actionId) ?? [])];
    const value = chosenValue(placed.element, choice, suggested);
    if (placed.element.type !== 'overflow') {
      view.values[placed.blockId] = { ...view.values[placed.blockId], [placed.actionId]: value };
    }
    return value;
  }

  const people: UserActions = {
    click: async ({ user: who, teamId, on, choice, ...wanted }) => {
      const user = model.user(who, teamId);
      const { place, elements } = placeOf(user, on, teamId);
      const placed = findElement(elements, wanted);
      if (placed.block.type === 'input' && placed.block.dispatch_action !== true) {
        throw new Error(
          `${placed.actionId} is an input: Slack tells the app only when the modal is submitted`,
        );
      }
      let value: Json = {};
      if (choice !== undefined) {
        value = 'view' in place ? choose(place.view, placed, choice) : chosenValue(placed.element, choice);
      } else if (placed.element.type !== 'button') throw new Error(`what to choose in ${placed.actionId}?`);
      const { teamId: workspace } = 'view' in place ? place.view : place.message;
      const triggerId = triggers.issue({ teamId: workspace, userId: user.id });
      const responseUrl = 'message' in place ? responseUrls.issue(place.message, user.id) : undefined;
      return await client.postForm(
        payloads.blockActions(user, place, placed, value, { triggerId, responseUrl }),
      );
    },

    suggest: async ({ user: who, teamId, on, query, choice: _choice, ...wanted }) => {
      const user = model.user(who, teamId);
      const { place, elements } = placeOf(user, on, teamId);
      const placed = findElement(elements, wanted);
      const { type, min_query_length: least = 3 } = placed.element;
      if (type !== 'external_select' && type !== 'multi_external_select') {
        throw new Error(`${placed.actionId} asks for no suggestions`);
      }
      if (query.length < Number(least))
        throw new Error(`Slack asks only from ${Number(least)} characters on`);
      const answer = await client.postForm(payloads.blockSuggestion(user, place, placed, query));
      const options = readSuggestions(model, answer);
      if ('view' in place) place.view.suggested.set(placed.actionId, options);
      return { answer, options };
    },

    enter: ({ user: who, teamId, on, choice, ...wanted }) => {
      const { place, elements } = placeOf(model.user(who, teamId), on, teamId);
      if (!('view' in place)) throw new Error('a message keeps no values: click in it');
      choose(place.view, findElement(elements, wanted), choice);
    },

    fill: (who, values, teamId) => {
      const view = topModal(model.user(who, teamId));
      const elements = elementsOf(view.content.blocks);
      for (const [name, choice] of Object.entries(values)) {
        const placed = elements.find(({ actionId, blockId }) => actionId === name || blockId === name);
        if (placed === undefined) throw new Error(`the modal has no input ${name}`);
        choose(view, placed, choice);
      }
    },

    submitView: async (who, values = {}, teamId) => {
      const user = model.user(who, teamId);
      const view = topModal(user);
      if (view.content.submit === undefined) throw new Error('the modal has no submit button');
      people.fill(user.id, values);
      const errors = inputErrors(view);
      if (Object.keys(errors).length > 0) return { sent: false, errors };
      const triggerId = triggers.issue({ teamId: view.teamId, userId: user.id });
      const answer = await client.postForm(payloads.viewSubmission(user, view, triggerId));
      return applySubmission(model, views, view, answer);
    },

    closeView: async (who, { all = false, teamId } = {}) => {
      const user = model.user(who, teamId);
      const clears = all || topModal(user).content.clear_on_close === true;
      const answers: AppAnswer[] = [];
      for (const view of views.close(user.id, clears)) {
        if (view.content.notify_on_close !== true) continue;
        answers.push(await client.postForm(payloads.viewClosed(user, view, clears)));
      }
      return answers;
    },

    home: (who, teamId) => {
      const user = model.user(who, teamId);
      return views.home(teamId ?? user.teamId, user.id);
    },
    modals: (who, teamId) => views.stack(model.user(who, teamId).id),
  };
  return people;
}
