import { EventEmitter } from 'node:events';
import type { RequestHandler } from 'express';
import type { SlackEvents, SlackModel } from '../slack/model.ts';

const watched = [
  'message',
  'messageChanged',
  'messageDeleted',
  'refusal',
  'installation',
  'viewChanged',
] as const satisfies (keyof SlackEvents)[];

/** Pages refresh even without changes, since time passes. */
const heartbeatMs = 20_000;

export interface Changes {
  notify(): void;
  /** An endless stream of server-sent events, each of which only says that something changed. */
  stream: RequestHandler;
  close(): void;
}

export function watchChanges(model: SlackModel): Changes {
  const changes = new EventEmitter<{ change: [] }>().setMaxListeners(0);
  let scheduled: NodeJS.Immediate | undefined;
  const notify = () => {
    scheduled ??= setImmediate(() => {
      scheduled = undefined;
      changes.emit('change');
    });
  };
  for (const event of watched) model.on(event, notify);
  const heartbeat = setInterval(notify, heartbeatMs).unref();

  return {
    notify,
    stream(_req, res) {
      res.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      const say = () => res.write('data: changed\n\n');
      say();
      changes.on('change', say);
      res.once('close', () => changes.off('change', say));
    },
    close() {
      for (const event of watched) model.off(event, notify);
      clearInterval(heartbeat);
      clearImmediate(scheduled);
    },
  };
}
