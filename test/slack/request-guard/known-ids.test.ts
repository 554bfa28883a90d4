import { App } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as alertControls from '../../../src/messages/alert-controls.ts';
import { openInPerlyActionId } from '../../../src/messages/buttons.ts';
import { isKnownAction, isKnownSuggestion, isKnownView } from '../../../src/slack/request-guard/known-ids.ts';
import { createPayloadReader } from '../../../src/slack/request-guard/payload.ts';
import { actionIds } from '../../../src/slack/views/action-ids.ts';
import { disconnectCallbackId } from '../../../src/slack/views/disconnect-modal.ts';
import { managersCallbackId } from '../../../src/slack/views/managers-modal.ts';
import { muteCallbackId } from '../../../src/slack/views/mute-modal.ts';
import { pauseCallbackId } from '../../../src/slack/views/pause-modal.ts';
import { rulesCallbackId } from '../../../src/slack/views/rules-modal.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

const kinds = ['action', 'view', 'options', 'event', 'shortcut', 'command', 'message'] as const;

let running: TestApp;
/** The ids and patterns that the app's listeners were registered for. */
const registered = {} as Record<(typeof kinds)[number], unknown[]>;
beforeAll(async () => {
  const spies = kinds.map((kind) => [kind, vi.spyOn(App.prototype, kind)] as const);
  running = await startTestApp();
  for (const [kind, spy] of spies) registered[kind] = spy.mock.calls.map(([which]) => which);
  vi.restoreAllMocks();
});
afterAll(() => running.close());

/** Whether a listener is registered for the id. */
function listensTo(kind: keyof typeof registered, id: string): boolean {
  return registered[kind].some((which) => (which instanceof RegExp ? which.test(id) : which === id));
}

/** Example ids that a listener is registered for: the id itself, those of a list, or one with the prefix. */
function toIds(which: unknown): string[] {
  if (!(which instanceof RegExp)) return [String(which)];
  const [, list] = /^\^\(\?:([\w|]+)\)\$$/.exec(which.source) ?? [];
  return list === undefined ? [`${which.source.replace('^', '')}any`] : list.split('|');
}

describe('exactly what a listener handles is passed on', () => {
  test('clicks', () => {
    expect(registered.action.flatMap(toIds).filter((id) => !isKnownAction(id))).toEqual([]);
    const { acknowledgeActionId, menuActionId, muteActionId, unmuteActionId } = alertControls;
    const ids = [
      ...Object.values(actionIds),
      acknowledgeActionId,
      menuActionId,
      muteActionId,
      unmuteActionId,
      openInPerlyActionId,
    ];
    const unanswered = ids.filter((id) => isKnownAction(id) && !listensTo('action', id));
    expect(unanswered).toEqual([]);
  });

  test('submitted forms', () => {
    expect(registered.view.flatMap(toIds).filter((id) => !isKnownView(id))).toEqual([]);
    const ids = [disconnectCallbackId, managersCallbackId, muteCallbackId, pauseCallbackId, rulesCallbackId];
    expect(ids.filter((id) => !listensTo('view', id))).toEqual([]);
  });

  test('suggestions', () => {
    expect(registered.options.flatMap(toIds)).not.toEqual([]);
    expect(registered.options.flatMap(toIds).filter((id) => !isKnownSuggestion(id))).toEqual([]);
  });

  test('events', () => {
    const read = createPayloadReader([]);
    const kindOf = (type: unknown) =>
      read({ type: 'event_callback', team_id: 'T1', event: { type, user: 'U1' } }).kind;
    expect(registered.event.map(kindOf)).toEqual(registered.event.map(() => 'used'));
    expect(kindOf('app_mention')).toBe('unused');
  });

  test('and nothing else', () => {
    const { shortcut, command, message } = registered;
    expect({ shortcut, command, message }).toEqual({ shortcut: [], command: [], message: [] });
  });
});
