import { type Check, problemsOf } from './checks/check.ts';
import { homeView, maxViewSize, modalView } from './checks/view.ts';
import type { Json } from './element-values.ts';
import { isRecord } from './is-record.ts';
import type { SlackModel } from './model.ts';
import type { User } from './records.ts';
import type { Triggers } from './triggers.ts';
import { maxStack, type View, type Views } from './views.ts';
import type { Arguments, Method } from './web-api.ts';

function no(error: string, messages: string[] = []): Json {
  return { ok: false, error, ...(messages.length > 0 && { response_metadata: { messages } }) };
}

function invalid(problems: readonly { pointer: string; message: string }[]): Json {
  return no(
    'invalid_arguments',
    problems.map(({ pointer, message }) => `[ERROR] ${message} [json-pointer:${pointer}]`),
  );
}

/** https://docs.slack.dev/reference/methods/views.open and its neighbours */
export function viewMethods(model: SlackModel, views: Views, triggers: Triggers): Record<string, Method> {
  const yes = (view: View): Json => ({ ok: true, view: views.output(view) });

  /** `id` is that of the view to replace. */
  function readView(given: Arguments, check: Check, teamId: string, id?: string): Json | { refused: Json } {
    const view = parseObject(given.view);
    if (view === undefined) {
      return { refused: invalid([{ pointer: '/view', message: 'missing required field: view' }]) };
    }
    if (JSON.stringify(view).length > maxViewSize) return { refused: no('view_too_large') };
    const problems = problemsOf(check, view, '/view');
    if (problems.length > 0) return { refused: invalid(problems) };
    const external = view.external_id;
    const sameExternalId =
      typeof external === 'string' && external !== ''
        ? views.find((one) => one.teamId === teamId && one.content.external_id === external && one.id !== id)
        : undefined;
    return sameExternalId === undefined ? view : { refused: no('duplicate_external_id') };
  }

  /** `open` starts a stack of modals, `push` adds one to it. */
  function show(isPush: boolean): Method {
    return ({ installation: { teamId }, arguments: given }) => {
      const content = readView(given, modalView, teamId);
      if (isRecord(content.refused)) return content.refused;
      const trigger = triggers.exchange(given.trigger_id ?? given.interactivity_pointer, teamId);
      if (typeof trigger === 'string') return no(trigger);
      const stack = views.stack(trigger.userId);
      if (isPush && stack.length >= maxStack) return no('push_limit_reached');
      if (isPush !== stack.length > 0) {
        const message = isPush ? 'no modal is open: use views.open' : 'a modal is open: use views.push';
        return invalid([{ pointer: '/trigger_id', message }]);
      }
      return yes(views.push(teamId, trigger.userId, content));
    };
  }

  return {
    'views.open': show(false),
    'views.push': show(true),

    'views.update': ({ installation: { teamId }, arguments: given }) => {
      const { view_id: id, external_id: external } = given;
      const view = views.find(
        (one) =>
          one.teamId === teamId && (id === undefined ? one.content.external_id === external : one.id === id),
      );
      if (view === undefined || (id === undefined && typeof external !== 'string')) return no('not_found');
      if (isStale(given.hash, view)) return no('hash_conflict');
      const check = view.content.type === 'home' ? homeView : modalView;
      const content = readView(given, check, teamId, view.id);
      return isRecord(content.refused) ? content.refused : yes(views.update(view, content));
    },

    'views.publish': ({ installation: { teamId }, arguments: given }) => {
      const user = typeof given.user_id === 'string' ? model.users.get(given.user_id) : undefined;
      if (user === undefined || !isPublishable(model, user, teamId)) {
        return invalid([{ pointer: '/user_id', message: 'invalid `user_id`' }]);
      }
      const known = views.home(teamId, user.id);
      if (known !== undefined ? isStale(given.hash, known) : isGiven(given.hash)) return no('hash_conflict');
      const content = readView(given, homeView, teamId, known?.id);
      return isRecord(content.refused) ? content.refused : yes(views.publish(teamId, user.id, content));
    },
  };
}

/** Members, and people who share a channel with the workspace: https://github.com/slackapi/bolt-js/issues/1948 */
function isPublishable(model: SlackModel, user: User, teamId: string): boolean {
  if (user.teamIds.has(teamId)) return true;
  return [...model.channels.values()].some(
    ({ teamId: owner, sharedWith }) =>
      [owner, ...sharedWith].includes(teamId) && [owner, ...sharedWith].includes(user.teamId),
  );
}

function isGiven(hash: unknown): boolean {
  return hash !== undefined && hash !== '';
}

function isStale(hash: unknown, view: View): boolean {
  return isGiven(hash) && hash !== view.hash;
}

/** As such, or as JSON in a form's field. */
export function parseObject(view: unknown): Json | undefined {
  if (isRecord(view)) return view;
  if (typeof view !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(view);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
