import { AppError } from '../../errors.ts';
import type { PerlyEvent } from '../../perly/event.ts';
import { type ControlsByEvent, withoutMarks } from './alert-controls.ts';
import { title } from './alert-lines.ts';
import type { CustomerState } from './customer-state.ts';
import { toEntry, toEntrySentences } from './digest-entry.ts';
import { toDigestId } from './digest-id.ts';
import { type DigestRoom, headAlert } from './digest-lines.ts';
import { digestHeading, digestNotes, moreCustomers } from './digest-opening.ts';
import { escapeText } from './escape-text.ts';
import { firstThatFits } from './first-that-fits.ts';
import { brokenLimits } from './fits.ts';
import { limits } from './limits.ts';
import { linkUrl } from './link.ts';
import { toLinkButton } from './open-in-perly.ts';
import type { Arrivals } from './ordering-time.ts';
import { toPlainMessage, withAddress } from './plain-text.ts';
import { plainText } from './text-objects.ts';
import { toLiteral } from './to-literal.ts';
import type { Detail } from './two-blocks.ts';
import type { AlertAttachment, WebhookMessage } from './webhook-message.ts';
import { neutralColour } from './wording.ts';
import { worstFirst } from './worst-first.ts';

/** What a digest tells. */
export interface DigestInput {
  /** In order of arrival, the oldest first; at least one, all of one account. */
  events: readonly PerlyEvent[];
  /** When they came: see `orderingTime`. */
  arrivals?: Arrivals;
  /** Why they were held. */
  reason: 'quiet_hours' | 'broken';
  /**
   * Which part of a digest that comes in several messages, since Slack did not take it in one: the first one, or one
   * that continues it.
   */
  part?: 'first' | 'continued';
  /** What can be done with them, and was done. */
  controls?: ControlsByEvent;
  /** How often the message was replaced. */
  revision?: number;
}

/** The customers, the worst first. */
type States = readonly [CustomerState, ...CustomerState[]];

/** Few customers are told at more length than many: the first room in which all of them fit is taken. */
const rooms: readonly [DigestRoom, ...DigestRoom[]] = [
  { name: 60, signals: 160, signalCount: 3, suggestion: 120 },
  { name: 60, signals: 110, signalCount: 3, suggestion: 0 },
  { name: 40, signals: 60, signalCount: 1, suggestion: 0 },
];

/**
 * One message that sums up alerts that were held: a count, then the customers, the worst first, and how many more there
 * are where Slack's limits cut. Entries with more blocks would only make it cut earlier.
 *
 * @throws AppError `no_events` if there is none
 */
export function buildDigest(input: DigestInput): WebhookMessage {
  const states = toStates(input);
  // What people do with it later must not change which customers it shows.
  const { controls } = input;
  const shape = toShape({ ...input, ...(controls && { controls: withoutMarks(controls) }) }, states);
  return firstThatFits((detail) => toMessage(input, states, shape, detail));
}

/**
 * The same digest as text alone, for when Slack has refused the blocks.
 *
 * @throws AppError `no_events` if there is none
 */
export function toPlainDigest(input: DigestInput): WebhookMessage {
  const states = toStates(input);
  const shown = states.slice(0, mostShown(states));
  const more = states.length - shown.length;
  const before = [digestHeading(input, states.length), ...digestNotes(input, states)];
  const after = more > 0 ? [`${moreCustomers(more)}: <${perlyUrl(states)}>`] : [];
  const frame = [...before, ...after].join('\n').length;
  const room = Math.floor((limits.text - frame) / shown.length) - 1;
  const entries = shown.map((state) => withAddress(state.latest, [toEntrySentences(state, rooms[0])], room));
  return toPlainMessage([...before, ...entries, ...after]);
}

function toStates({ events, arrivals }: DigestInput): States {
  const [worst, ...others] = worstFirst(events, arrivals);
  if (worst === undefined) throw new AppError('no_events', 'A digest needs at least one event');
  return [worst, ...others];
}

/** How many entries Slack's attachments hold: what says how many more there are takes one of them. */
function mostShown({ length }: States): number {
  return length > limits.attachments ? limits.attachments - 1 : length;
}

/** How many entries are shown, and how much each of them tells. */
interface Shape {
  room: DigestRoom;
  shown: number;
}

/** The roomiest shape in which all entries fit; with the least room, as many as do. */
function toShape(input: DigestInput, states: States): Shape {
  const [roomy, ...tighter] = rooms;
  let shape = fill(input, states, roomy);
  for (const room of tighter) {
    if (shape.shown === mostShown(states)) break;
    shape = fill(input, states, room);
  }
  return shape;
}

/** As many entries of this size as Slack takes. */
function fill(input: DigestInput, states: States, room: DigestRoom): Shape {
  for (let shown = mostShown(states); ; shown -= 1) {
    const shape = { room, shown };
    if (shown === 1 || brokenLimits(toMessage(input, states, shape, 'whole')).length === 0) return shape;
  }
}

function toMessage(
  input: DigestInput,
  states: States,
  { room, shown }: Shape,
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
      ...states.slice(0, shown).map((state) => toEntry(state, room, input.controls, detail)),
      ...(more > 0 ? [toClosing(more, perlyUrl(states))] : []),
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** A notification shows little more than a line: whom to look at first. */
function notificationTitle([worst, ...others]: States): string {
  const text = escapeText(toLiteral(title(headAlert(worst), rooms[0].name)));
  return others.length > 0 ? `At the top: ${text}` : text;
}

/** Slack draws attachments below everything else, so what stands at the end is one of them. */
function toClosing(more: number, url: string): AlertAttachment {
  const text = moreCustomers(more);
  return {
    color: neutralColour,
    fallback: text,
    blocks: [{ type: 'section', text: plainText(text), accessory: toLinkButton('Open Perly', url) }],
  };
}

/** Perly's own address: every customer's is on its origin. */
function perlyUrl([{ latest }]: States): string {
  return linkUrl(new URL(latest.customer.url).origin);
}
