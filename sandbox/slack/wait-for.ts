import type { SlackModel } from './model.ts';
import type { Message } from './records.ts';

/**
 * Without polling.
 * @param wanted the minimum number of messages, or a condition on all of them
 * @param timeoutMs by the real clock
 * @throws Error that lists what did arrive
 */
export function waitForMessages(
  model: SlackModel,
  wanted: number | ((messages: readonly Message[]) => boolean),
  timeoutMs: number,
  channelId?: string,
): Promise<Message[]> {
  const isEnough = typeof wanted === 'number' ? (all: readonly Message[]) => all.length >= wanted : wanted;
  return new Promise((resolve, reject) => {
    const look = () => {
      const messages = model.messages(channelId);
      if (!isEnough(messages)) return;
      stop();
      resolve([...messages]);
    };
    const stop = () => {
      clearTimeout(timer);
      model.off('message', look);
      model.off('messageChanged', look);
      model.off('messageDeleted', look);
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`condition not met after ${timeoutMs} ms: ${sumUp(model, channelId)}`));
    }, timeoutMs);
    model.on('message', look);
    model.on('messageChanged', look);
    model.on('messageDeleted', look);
    look();
  });
}

function sumUp(model: SlackModel, channelId: string | undefined): string {
  const messages = model.messages(channelId).map(({ channelName, payload }) => {
    const text = payload.text ?? payload.attachments?.[0]?.fallback ?? '(no text)';
    return `#${channelName} ${JSON.stringify(text)}`;
  });
  const refusals = model.refusals.map(({ error, pointer, message }) => `${error} ${pointer} ${message}`);
  const list = (lines: string[]) => (lines.length === 0 ? 'none' : lines.slice(-5).join('; '));
  return `${messages.length} messages (last: ${list(messages)}); refused: ${list(refusals)}`;
}
