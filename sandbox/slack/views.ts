import { initialValue, type Json, type StateValues } from './element-values.ts';
import { fillBlocks } from './fill-ids.ts';
import { elementsOf } from './find-element.ts';
import type { SlackModel } from './model.ts';

export interface View {
  readonly id: string;
  readonly teamId: string;
  readonly userId: string;
  readonly rootId: string;
  readonly previousId: string | null;
  /** As the app sent it, with the ids that Slack fills in. */
  content: Json;
  hash: string;
  values: StateValues;
  /** By `action_id`. */
  suggested: Map<string, Json[]>;
}

/** Stacked modals. */
export const maxStack = 3;

export class Views {
  readonly #model: SlackModel;
  readonly #homes = new Map<string, View>();
  readonly #stacks = new Map<string, View[]>();

  constructor(model: SlackModel) {
    this.#model = model;
  }

  /** One per person and workspace. */
  home(teamId: string, userId: string): View | undefined {
    return this.#homes.get(homeKey(teamId, userId));
  }

  /** Bottom first. */
  stack(userId: string): readonly View[] {
    return this.#stacks.get(userId) ?? [];
  }

  top(userId: string): View | undefined {
    return this.stack(userId).at(-1);
  }

  find(isWanted: (view: View) => boolean): View | undefined {
    return [...this.#homes.values(), ...[...this.#stacks.values()].flat()].find(isWanted);
  }

  publish(teamId: string, userId: string, content: Json): View {
    const known = this.#homes.get(homeKey(teamId, userId));
    if (known !== undefined) return this.update(known, content);
    const view = this.#create(teamId, userId, content);
    this.#homes.set(homeKey(teamId, userId), view);
    this.#changed(view);
    return view;
  }

  push(teamId: string, userId: string, content: Json): View {
    const stack = this.#stacks.get(userId) ?? [];
    const view = this.#create(teamId, userId, content, stack);
    this.#stacks.set(userId, [...stack, view]);
    this.#changed(view);
    return view;
  }

  /** Typed values stay if block and element keep their ids. */
  update(view: View, content: Json): View {
    const typed = view.values;
    view.content = this.#fill(content);
    view.hash = this.#hash();
    view.values = initialValues(view.content);
    for (const { blockId, actionId, element } of elementsOf(view.content.blocks)) {
      const value = typed[blockId]?.[actionId];
      const values = view.values[blockId];
      if (values !== undefined && value !== undefined && value.type === element.type)
        values[actionId] = value;
    }
    this.#changed(view);
    return view;
  }

  /** The topmost one, or all. @returns the closed ones, topmost first */
  close(userId: string, all = false): View[] {
    const stack = this.stack(userId);
    const closed = (all ? [...stack] : stack.slice(-1)).reverse();
    this.#stacks.set(userId, stack.slice(0, stack.length - closed.length));
    for (const view of closed) this.#changed(view);
    return closed;
  }

  /** As an uninstall does. */
  forget(teamId: string): void {
    for (const { id } of this.#model.usersOf(teamId)) {
      this.#homes.delete(homeKey(teamId, id));
      this.#stacks.delete(id);
      this.#model.emit('viewChanged', { teamId, userId: id });
    }
  }

  /** As in Slack's payloads and answers. */
  output(view: View): Json {
    const installation = this.#model.installations.get(view.teamId);
    const { content } = view;
    return {
      id: view.id,
      team_id: view.teamId,
      app_installed_team_id: this.#appInstalledTeamId(view.teamId),
      bot_id: installation?.botId ?? null,
      type: content.type,
      blocks: content.blocks,
      private_metadata: content.private_metadata ?? '',
      callback_id: content.callback_id ?? '',
      external_id: content.external_id ?? '',
      state: { values: view.values },
      hash: view.hash,
      title: content.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
      submit: content.submit ?? null,
      close: content.close ?? null,
      clear_on_close: content.clear_on_close ?? false,
      notify_on_close: content.notify_on_close ?? false,
      previous_view_id: view.previousId,
      root_view_id: view.rootId,
    };
  }

  /**
   * In an organisation with several installations it is the first one's workspace
   * (https://github.com/slackapi/bolt-python/issues/1229).
   */
  #appInstalledTeamId(teamId: string): string {
    const { enterpriseId } = this.#model.team(teamId);
    if (enterpriseId === undefined) return teamId;
    const first = [...this.#model.installations.keys()].find(
      (id) => this.#model.teams.get(id)?.enterpriseId === enterpriseId,
    );
    return first ?? teamId;
  }

  #create(teamId: string, userId: string, content: Json, below: readonly View[] = []): View {
    const id = this.#model.ids.id('V');
    const filled = this.#fill(content);
    return {
      id,
      teamId,
      userId,
      rootId: below[0]?.id ?? id,
      previousId: below.at(-1)?.id ?? null,
      content: filled,
      hash: this.#hash(),
      values: initialValues(filled),
      suggested: new Map(),
    };
  }

  #fill(content: Json): Json {
    const filled = structuredClone(content);
    fillBlocks(filled.blocks, this.#model.ids);
    return filled;
  }

  #hash(): string {
    return `${Math.floor(this.#model.clock() / 1000)}.${this.#model.ids.secret(8)}`;
  }

  #changed({ teamId, userId }: View): void {
    this.#model.emit('viewChanged', { teamId, userId });
  }
}

function homeKey(teamId: string, userId: string): string {
  return `${teamId}:${userId}`;
}

function initialValues(content: Json): StateValues {
  const values: StateValues = {};
  for (const { blockId, actionId, element } of elementsOf(content.blocks)) {
    const value = initialValue(element);
    if (value !== undefined) values[blockId] = { ...values[blockId], [actionId]: value };
  }
  return values;
}
