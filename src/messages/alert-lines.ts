import type { RichTextBlock, RichTextLink, RichTextText, SectionBlock, TextObject } from '@slack/types';
import type { PerlyEvent } from '../domain/event.ts';
import { clean, isolate, isolateEnd, isolateStart, isRightToLeft } from './block-kit/clean.ts';
import { limits } from './block-kit/limits.ts';
import {
  encodeLinkUrl,
  escapeMrkdwn,
  isLiteralInMrkdwn,
  mrkdwn,
  mrkdwnLink,
  plainText,
} from './block-kit/mrkdwn.ts';
import { truncate as cutText, splitBudget } from './block-kit/truncate.ts';
import { headline, riskLabel, score } from './labels.ts';

/**
 * Uses rich text for a name that mrkdwn would format or that would reorder the line: it takes a name
 * literally, so that it can be copied.
 */
export function titleBlock(event: PerlyEvent, maxLength: number): SectionBlock | RichTextBlock {
  const name = customerName(event, maxLength);
  const isPlain = isLiteralInMrkdwn(name) && !isRightToLeft(name);
  return isPlain ? { type: 'section', text: titleText(event, maxLength).text } : richTitle(event, name);
}

/**
 * For a section, which can have a menu beside it. A name that mrkdwn would change is not linked; isolates are outside
 * the link.
 */
export function titleText(event: PerlyEvent, maxLength: number): { text: TextObject; isLinked: boolean } {
  const name = customerName(event, maxLength);
  const rest = ` — ${headline(event)}`;
  if (!isLiteralInMrkdwn(name)) return { text: plainText(`${isolate(name)}${rest}`), isLinked: false };
  const frame = isRightToLeft(name) ? [isolateStart, isolateEnd] : ['*', '*'];
  const linked = frame.join(mrkdwnLink(encodeLinkUrl(event.customer.url), escapeMrkdwn(name)));
  const isLinked = linked.length + rest.length <= limits.sectionText;
  return { text: mrkdwn(`${isLinked ? linked : frame.join(escapeMrkdwn(name))}${rest}`), isLinked };
}

function richTitle(event: PerlyEvent, name: string): RichTextBlock {
  const url = encodeLinkUrl(event.customer.url);
  const style = { bold: true };
  const shown: RichTextLink | RichTextText =
    url.length <= limits.url ? { type: 'link', url, text: name, style } : { type: 'text', text: name, style };
  const isIsolated = isRightToLeft(name);
  return {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          ...(isIsolated ? [{ type: 'text' as const, text: isolateStart }] : []),
          shown,
          { type: 'text', text: `${isIsolated ? isolateEnd : ''} — ${headline(event)}` },
        ],
      },
    ],
  };
}

/** Lengths are measured as `sentLength`; 0 leaves the part out, infinity cuts nothing. */
export interface LengthBudget {
  name: number;
  summary: number;
  signals: number;
  suggestion: number;
  details: number;
  owner: number;
}

/** Further signals are only counted: the strongest come first. */
const shownSignals = 5;

type Named = Pick<PerlyEvent['customer'], 'id' | 'name'>;

/** The name is cleaned and cut but not escaped; the id replaces a name that shows nothing. */
export function customerName({ customer }: { customer: Named }, maxLength: number): string {
  return cutText(clean(customer.name) || clean(customer.id) || 'Unnamed customer', maxLength);
}

/** `Acme Corp — Health score dropped to 32 (-18)`, cleaned and cut but not escaped. */
export function title(event: PerlyEvent, maxLength: number): string {
  return `${isolate(customerName(event, maxLength))} — ${headline(event)}`;
}

/** Lines are cleaned and cut but not escaped. @param isMentioned whether another line mentions the owner */
export function alertLines(event: PerlyEvent, budget: LengthBudget, isMentioned = false): string[] {
  const risk = riskLabel(event);
  return [
    summaryLine(event, budget.summary),
    risk && `Risk level: ${risk}`,
    event.health_score && event.type !== 'health_score_drop' && `Health score: ${score(event.health_score)}`,
    signalsLine(event, budget.signals),
    suggestionLine(event, budget.suggestion),
    detailsLine(event.details, budget.details),
    isMentioned ? '' : ownerLine(event, budget.owner),
  ].filter(isShown);
}

/** Returns '' if there is no summary, or no room. */
export function summaryLine({ summary }: PerlyEvent, maxLength: number): string {
  return truncateTo(summary, maxLength);
}

/** `Signals: Login frequency down 60%, payment failed twice and 7 more`, not escaped; '' if there are none. */
export function signalsLine({ signals, cut }: PerlyEvent, maxLength: number, count = shownSignals): string {
  const all = (signals ?? []).map(clean).filter((signal) => signal !== '');
  if (maxLength === 0 || all.length === 0) return '';
  const shown = splitBudget(all.slice(0, count), maxLength).map(isolate).join(', ');
  const more = Math.max(all.length, cut?.signals ?? 0) - count;
  return `Signals: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `Suggested: Schedule a check-in call` */
export function suggestionLine({ suggested_action }: PerlyEvent, maxLength: number): string {
  const text = truncateTo(suggested_action, maxLength);
  return text === '' ? '' : `Suggested: ${text}`;
}

/** `Owner: Ana`, which mentions nobody. */
export function ownerLine({ customer: { owner } }: PerlyEvent, maxLength: number): string {
  const name = owner === undefined ? '' : clean(owner.name) || clean(owner.id);
  return name === '' || maxLength === 0 ? '' : `Owner: ${isolate(cutText(name, maxLength))}`;
}

export function isShown(line: string | false | undefined): line is string {
  return typeof line === 'string' && line !== '';
}

function truncateTo(text: string | undefined, maxLength: number): string {
  return text === undefined || maxLength === 0 ? '' : isolate(cutText(clean(text), maxLength));
}

function detailsLine(details: PerlyEvent['details'], maxLength: number): string {
  if (maxLength === 0) return '';
  const facts = (details ?? [])
    .map(({ label, value }) => ({ label: clean(label), value: clean(value) }))
    .filter(({ value }) => value !== '')
    .map(({ label, value }) => (label === '' ? value : `${label}: ${value}`));
  return facts.length === 0 ? '' : splitBudget(facts, maxLength).map(isolate).join(' · ');
}
