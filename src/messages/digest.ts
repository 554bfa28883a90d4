import { AppError } from '../lib/errors.ts';
import { withoutStatus } from './alert-controls.ts';
import { title } from './alert-lines.ts';
import { limits } from './block-kit/limits.ts';
import { encodeLinkUrl, escapeMrkdwn, plainText, preventAutolink } from './block-kit/mrkdwn.ts';
import { limitViolations } from './block-kit/validate-message.ts';
import { linkButton } from './buttons.ts';
import { type Detail, withMostDetail } from './compact-attachment.ts';
import { type CustomerState, worstFirst } from './customer-state.ts';
import { type DigestBudget, headAlert, toEntry, toEntrySentences } from './digest-entry.ts';
import { type DigestInput, digestHeading, digestNotes, moreCustomers, toDigestId } from './digest-header.ts';
import { neutralColour } from './labels.ts';
import { toPlainMessage, withAddress } from './plain-text.ts';
import type { AlertAttachment, WebhookMessage } from './webhook-message.ts';

type States = readonly [CustomerState, ...CustomerState[]];

/** The fewer customers, the more detail: the first budget in which all fit is used. */
const budgets: readonly [DigestBudget, ...DigestBudget[]] = [
  { name: 60, signals: 160, signalCount: 3, suggestion: 120, owner: 40 },
  { name: 60, signals: 110, signalCount: 3, suggestion: 0, owner: 30 },
  { name: 40, signals: 60, signalCount: 1, suggestion: 0, owner: 0 },
];

/** @throws AppError `no_events` if there is none */
export function buildDigest(input: DigestInput): WebhookMessage {
  const states = toStates(input);
  // Later actions must not change which customers it shows.
  const { controls } = input;
  const shape = chooseLayout({ ...input, ...(controls && { controls: withoutStatus(controls) }) }, states);
  return withMostDetail((detail) => toMessage(input, states, shape, detail));
}

/** Used when Slack has refused the blocks. @throws AppError `no_events` if there is none */
export function toPlainDigest(input: DigestInput): WebhookMessage {
  const states = toStates(input);
  const shown = states.slice(0, maxShownEntries(states));
  const more = states.length - shown.length;
  const before = [digestHeading(input, states.length), ...digestNotes(input, states)];
  const after = more > 0 ? [`${moreCustomers(more)}: <${perlyUrl(states)}>`] : [];
  const frame = [...before, ...after].join('\n').length;
  const budget = Math.floor((limits.text - frame) / shown.length) - 1;
  const entries = shown.map((state) =>
    withAddress(state.latest, [toEntrySentences(state, budgets[0])], budget),
  );
  return toPlainMessage([...before, ...entries, ...after]);
}

function toStates({ events, arrivals }: DigestInput): States {
  const [worst, ...others] = worstFirst(events, arrivals);
  if (worst === undefined) throw new AppError('no_events', 'A digest needs at least one event');
  return [worst, ...others];
}

/** The note about further customers takes an attachment too. */
function maxShownEntries({ length }: States): number {
  return length > limits.attachments ? limits.attachments - 1 : length;
}

interface Layout {
  budget: DigestBudget;
  shown: number;
}

/** Takes the largest budget in which all entries fit; with the smallest one, as many entries as do. */
function chooseLayout(input: DigestInput, states: States): Layout {
  const [roomy, ...tighter] = budgets;
  let shape = fitEntries(input, states, roomy);
  for (const budget of tighter) {
    if (shape.shown === maxShownEntries(states)) break;
    shape = fitEntries(input, states, budget);
  }
  return shape;
}

function fitEntries(input: DigestInput, states: States, budget: DigestBudget): Layout {
  for (let shown = maxShownEntries(states); ; shown -= 1) {
    const shape = { budget, shown };
    if (shown === 1 || limitViolations(toMessage(input, states, shape, 'whole')).length === 0) return shape;
  }
}

function toMessage(
  input: DigestInput,
  states: States,
  { budget, shown }: Layout,
  detail: Detail,
): WebhookMessage {
  const heading = digestHeading(input, states.length);
  const notes = digestNotes(input, states);
  const more = states.length - shown;
  return {
    text: [heading, notificationTitle(states), ...notes].join('. '),
    mrkdwn: false,
    blocks: [
      {
        type: 'header',
        ...(input.controls && { block_id: toDigestId(input) }),
        text: plainText(heading),
      },
      ...(notes.length > 0 ? [{ type: 'context' as const, elements: notes.map(plainText) }] : []),
    ],
    attachments: [
      ...states.slice(0, shown).map((state) => toEntry(state, budget, input.controls, detail)),
      ...(more > 0 ? [buildFooter(more, perlyUrl(states))] : []),
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
}

function notificationTitle([worst, ...others]: States): string {
  const text = escapeMrkdwn(preventAutolink(title(headAlert(worst), budgets[0].name)));
  return others.length > 0 ? `At the top: ${text}` : text;
}

/** Slack shows attachments below everything else, so the footer has to be one. */
function buildFooter(more: number, url: string): AlertAttachment {
  const text = moreCustomers(more);
  return {
    color: neutralColour,
    fallback: text,
    blocks: [{ type: 'section', text: plainText(text), accessory: linkButton('Open Perly', url) }],
  };
}

function perlyUrl([{ latest }]: States): string {
  return encodeLinkUrl(new URL(latest.customer.url).origin);
}
