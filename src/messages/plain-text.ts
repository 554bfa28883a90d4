import type { PerlyEvent } from '../domain/event.ts';
import { AppError } from '../lib/errors.ts';
import { cutBudget, toSentences, uncutBudget } from './alert.ts';
import { alertLines, type LengthBudget, title } from './alert-lines.ts';
import type { AlertBatch } from './alert-message.ts';
import { limits } from './block-kit/limits.ts';
import { encodeLinkUrl, escapeMrkdwn, preventAutolink } from './block-kit/mrkdwn.ts';
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

/** Escapes the lines, which get equal shares. The URL is left out if it takes more than half of `maxLength`. */
export function withAddress(event: PerlyEvent, lines: readonly string[], maxLength: number): string {
  const address = `<${escapeMrkdwn(encodeLinkUrl(event.customer.url))}>`;
  const isShort = address.length <= maxLength / 2;
  const share = Math.floor((maxLength - (isShort ? address.length : 0)) / lines.length) - 1;
  const texts = lines.map((line) => escapeMrkdwn(truncate(preventAutolink(line), share)));
  return [...texts, ...(isShort ? [address] : [])].join('\n');
}
