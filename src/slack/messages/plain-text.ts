import { AppError } from '../../errors.ts';
import type { PerlyEvent } from '../../perly/event.ts';
import { fullRoom, toSentences } from './alert.ts';
import { alertLines, title } from './alert-lines.ts';
import type { Batch } from './alert-message.ts';
import { cut } from './cut.ts';
import { escapeText } from './escape-text.ts';
import { assertFits } from './fits.ts';
import { limits } from './limits.ts';
import { linkUrl } from './link.ts';
import { toLiteral } from './to-literal.ts';
import type { WebhookMessage } from './webhook-message.ts';

/**
 * The same alerts as text alone, for when Slack has refused the blocks: one in all its lines, several in a sentence
 * each. Whatever a message of alerts holds fits, 20 at most.
 *
 * @param events at least one
 * @throws AppError `no_events` if there is none
 */
export function toPlainText(events: readonly PerlyEvent[]): Batch {
  const shown = events.slice(0, limits.attachments);
  const [first] = shown;
  if (first === undefined) throw new AppError('no_events', 'A message needs at least one event');
  const room = Math.floor(limits.text / shown.length) - 1;
  const texts =
    shown.length === 1
      ? [withAddress(first, [title(first, fullRoom.name), ...alertLines(first, fullRoom)], room)]
      : shown.map((event) => withAddress(event, [toSentences(event)], room));
  return { message: toPlainMessage(texts), taken: shown.length };
}

/**
 * A message of text alone.
 *
 * @param texts a line or more each, escaped, at most `limits.text` characters together with the breaks between them
 */
export function toPlainMessage(texts: readonly string[]): WebhookMessage {
  return assertFits({ text: texts.join('\n'), mrkdwn: false, unfurl_links: false, unfurl_media: false });
}

/**
 * The lines and the customer's address, which is left out where it would take more than half of the room; escaped.
 *
 * @param lines at least one, not escaped
 * @param room how long the result may be; each line gets an equal part of it
 */
export function withAddress(event: PerlyEvent, lines: readonly string[], room: number): string {
  const address = `<${escapeText(linkUrl(event.customer.url))}>`;
  const isShort = address.length <= room / 2;
  const share = Math.floor((room - (isShort ? address.length : 0)) / lines.length) - 1;
  const texts = lines.map((line) => escapeText(cut(toLiteral(line), share)));
  return [...texts, ...(isShort ? [address] : [])].join('\n');
}
