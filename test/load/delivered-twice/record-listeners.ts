import { App } from '@slack/bolt';
import { vi } from 'vitest';
import { createPendingWork } from '../../../src/lib/pending-work.ts';
import { removalTypes } from '../../../src/slack/request-guard/removal-events.ts';

/** A listener, which is registered for an id or a type. */
export type Listener = { name: string; listensTo: (payload: object) => boolean };

const sources = {
  event: (payload: unknown) => read(payload, 'event', 'type'),
  action: (payload: unknown) => read(payload, 'actions', '0', 'action_id'),
  view: (payload: unknown) => read(payload, 'view', 'callback_id'),
  options: (payload: unknown) => read(payload, 'action_id'),
};
const types = {
  event: 'event_callback',
  action: 'block_actions',
  view: 'view_submission',
  options: 'block_suggestion',
};

/**
 * Records the listeners of every app created from now on, until mocks are restored.
 * @returns the listeners, also those outside of Bolt; `settled` resolves when all have ended
 */
export function recordListeners(): { listeners: Listener[]; settled: () => Promise<void> } {
  const listeners = removalTypes.map((type) => toListener('event', type));
  for (const kind of ['event', 'action', 'view', 'options'] as const) {
    const real = App.prototype[kind] as (...args: unknown[]) => unknown;
    vi.spyOn(App.prototype, kind).mockImplementation(function (this: App, ...args: unknown[]) {
      const [wanted] = args;
      if (typeof wanted !== 'string' && !(wanted instanceof RegExp))
        throw new Error(`A listener for ${kind} asks for neither an id nor a pattern.`);
      listeners.push(toListener(kind, wanted));
      return real.apply(this, args);
    } as never);
  }
  const { track, settled } = createPendingWork();
  const { processEvent } = App.prototype;
  vi.spyOn(App.prototype, 'processEvent').mockImplementation(function (this: App, event) {
    return track(processEvent.call(this, event));
  });
  return { listeners, settled };
}

function toListener(kind: keyof typeof sources, wanted: string | RegExp): Listener {
  return {
    name: `${kind} ${wanted}`,
    listensTo(payload) {
      const id = sources[kind](payload);
      if (read(payload, 'type') !== types[kind] || typeof id !== 'string') return false;
      return typeof wanted === 'string' ? wanted === id : wanted.test(id);
    },
  };
}

function read(value: unknown, ...path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return read(Object.entries(value).find(([name]) => name === key)?.[1], ...rest);
}
