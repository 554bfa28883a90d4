import type { PerlyEvent } from '../domain/event.ts';
import { AppError } from '../lib/errors.ts';
import { cutBudget, toSentences, uncutBudget } from './alert.ts';
import { alertLines, customerName, type LengthBudget, title } from './alert-lines.ts';
import type { AlertBatch } from './alert-message.ts';
import { isolate } from './block-kit/clean.ts';
import { limits } from './block-kit/limits.ts';
import { encodeLinkUrl, escapeMrkdwn, mrkdwnLink, preventAutolink } from './block-kit/mrkdwn.ts';
import { truncate } from './block-kit/truncate.ts';
import { assertValidMessage } from './block-kit/validate-message.ts';
import type { WebhookMessage } from './webhook-message.ts';

/** Used when Slack has refused the blocks. A message's maximum of 20 alerts always fits. @throws `no_events` */
export function toPlainText(events: readonly PerlyEvent[]): AlertBatch {
  const shown = events.slice(0, limits.attachments);
  const [first] = shown;
  if (first === undefined) throw new AppError('no_events', 'A message needs at least one event');
  const maxLength = Math.floor(limits.text / shown.length) - 1;
  const texts =
    shown.length === 1
      ? [toFullText(first, maxLength)]
      : shown.map((event) => withAddress(event, [toSentences(event)], maxLength));
  return { message: toPlainMessage(texts), included: shown.length };
}

function toFullText(event: PerlyEvent, maxLength: number): string {
  const toLines = (budget: LengthBudget) => [title(event, budget.name), ...alertLines(event, budget)];
  const uncut = withAddress(event, toLines(uncutBudget), Number.POSITIVE_INFINITY);
  return uncut.length <= maxLength ? uncut : withAddress(event, toLines(cutBudget), maxLength);
}

/** @param texts escaped, at most `limits.text` characters together with the line breaks between them */
export function toPlainMessage(texts: readonly string[]): WebhookMessage {
  return assertValidMessage({
    text: texts.join('\n'),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  });
}

/**
 * Escapes the lines, which get equal shares. The URL stands below them, or behind a name that Slack would link elsewhere.
 * It is left out if it takes more than half of `maxLength`.
 * @param lines the first one begins with the customer's name, as in `title`
 */
export function withAddress(event: PerlyEvent, lines: readonly string[], maxLength: number): string {
  const address = `<${escapeMrkdwn(encodeLinkUrl(event.customer.url))}>`;
  const isShort = address.length <= maxLength / 2;
  const share = Math.floor((maxLength - (isShort ? address.length : 0)) / lines.length) - 1;
  const texts = lines.map((line) => escapeMrkdwn(truncate(preventAutolink(line), share)));
  if (!isShort) return texts.join('\n');
  const linked = linkName(event, lines[0] ?? '', share);
  return (linked === undefined ? [...texts, address] : [linked, ...texts.slice(1)]).join('\n');
}

/** Returns `undefined` if the name needs no link, or is cut, or a link's label could not show it. */
function linkName(event: PerlyEvent, line: string, maxLength: number): string | undefined {
  const name = customerName(event, Number.POSITIVE_INFINITY);
  const shown = isolate(name);
  if (preventAutolink(name) === name || /\||:[^\s:]+:/.test(name)) return undefined;
  const cut = truncate(`${shown}${preventAutolink(line.slice(shown.length))}`, maxLength);
  if (!line.startsWith(`${shown} — `) || !cut.startsWith(shown)) return undefined;
  const link = mrkdwnLink(encodeLinkUrl(event.customer.url), escapeMrkdwn(name));
  return `${isolate(link)}${escapeMrkdwn(cut.slice(shown.length))}`;
}
