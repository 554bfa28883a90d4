import type { PerlyEvent } from '../../perly/event.ts';
import { clean } from './clean.ts';
import { cut as cutText } from './cut.ts';
import { isolate } from './isolate.ts';
import { shareRoom } from './share-room.ts';
import { headline, riskName, score } from './wording.ts';

/** How long each part of an alert may be, measured as `sentLength`; 0 leaves the part out. */
export interface Room {
  name: number;
  summary: number;
  signals: number;
  suggestion: number;
  details: number;
}

/** More signals than this are counted, not shown: the strongest come first. */
const shownSignals = 5;

/** `Acme Corp`: the customer's name, cleaned and cut but not escaped; the id where the name shows nothing. */
export function customerName(event: PerlyEvent, room: number): string {
  return cutText(clean(event.customer.name) || clean(event.customer.id) || 'Unnamed customer', room);
}

/** `Acme Corp — Health score dropped to 32 (-18)`, cleaned and cut but not escaped. */
export function title(event: PerlyEvent, room: number): string {
  return `${isolate(customerName(event, room))} — ${headline(event)}`;
}

/** The lines under the headline, in the order in which they are read; cleaned and cut but not escaped. */
export function alertLines(event: PerlyEvent, room: Room): string[] {
  const risk = riskName(event);
  return [
    summaryLine(event, room.summary),
    risk && `Risk level: ${risk}`,
    event.health_score && event.type !== 'health_score_drop' && `Health score: ${score(event.health_score)}`,
    signalsLine(event, room.signals),
    suggestionLine(event, room.suggestion),
    detailsLine(event.details, room.details),
  ].filter(isShown);
}

/** The summary, cleaned and cut but not escaped; '' where there is none, or no room. */
export function summaryLine({ summary }: PerlyEvent, room: number): string {
  return cutTo(summary, room);
}

/**
 * `Signals: Login frequency down 60%, payment failed twice and 7 more`, not escaped; '' where there are none.
 *
 * @param count how many of them are shown at most
 */
export function signalsLine({ signals, cut }: PerlyEvent, room: number, count = shownSignals): string {
  const all = (signals ?? []).map(clean).filter((signal) => signal !== '');
  if (room === 0 || all.length === 0) return '';
  const shown = shareRoom(all.slice(0, count), room).map(isolate).join(', ');
  const more = Math.max(all.length, cut?.signals ?? 0) - count;
  return `Signals: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `Suggested: Schedule a check-in call`, not escaped; '' where nothing is suggested, or there is no room. */
export function suggestionLine({ suggested_action }: PerlyEvent, room: number): string {
  const text = cutTo(suggested_action, room);
  return text === '' ? '' : `Suggested: ${text}`;
}

/** Whether there is something to show. */
export function isShown(line: string | false | undefined): line is string {
  return typeof line === 'string' && line !== '';
}

function cutTo(text: string | undefined, room: number): string {
  return text === undefined || room === 0 ? '' : isolate(cutText(clean(text), room));
}

function detailsLine(details: PerlyEvent['details'], room: number): string {
  if (room === 0) return '';
  const facts = (details ?? [])
    .map(({ label, value }) => ({ label: clean(label), value: clean(value) }))
    .filter(({ value }) => value !== '')
    .map(({ label, value }) => (label === '' ? value : `${label}: ${value}`));
  return facts.length === 0 ? '' : shareRoom(facts, room).map(isolate).join(' · ');
}
