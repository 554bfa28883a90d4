import { hash } from 'node:crypto';
import type { PerlyEvent, PostedEvent, WithoutNulls } from '../domain/event.ts';
import { displayLengths } from '../domain/event.ts';
import { toUtc } from '../domain/instant.ts';
import type { Owner } from '../domain/owner.ts';
import type { Fault } from './problem.ts';

export type NormalizedEvent = { event: PerlyEvent; warnings: Fault[] };

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The same content gives the same event: `null` is absent, instants are in UTC, URLs as WHATWG serialises them.
 * Content that differs only in what is cut gives different events.
 */
export function readEvent(posted: PostedEvent): NormalizedEvent {
  const event = normalise(posted);
  const warnings: Fault[] = [];
  const cutTo = (path: string, value: string, length: number) => truncateText(path, value, length, warnings);
  const { customer, summary, signals, suggested_action: suggestion, details } = event;
  const cut: PerlyEvent = {
    ...event,
    customer: {
      ...customer,
      name: cutTo('customer.name', customer.name, displayLengths.name),
      ...(customer.owner && {
        owner: {
          ...customer.owner,
          name: cutTo('customer.owner.name', customer.owner.name, displayLengths.name),
        },
      }),
    },
    ...(summary !== undefined && { summary: cutTo('summary', summary, displayLengths.summary) }),
    ...(signals && {
      signals: truncateList('signals', signals, displayLengths.signals, warnings).map((signal, index) =>
        cutTo(`signals[${index}]`, signal, displayLengths.signal),
      ),
    }),
    ...(suggestion !== undefined && {
      suggested_action: cutTo('suggested_action', suggestion, displayLengths.suggestedAction),
    }),
    ...(details && {
      details: truncateList('details', details, displayLengths.details, warnings).map(
        ({ label, value }, index) => ({
          label: cutTo(`details[${index}].label`, label, displayLengths.label),
          value: cutTo(`details[${index}].value`, value, displayLengths.value),
        }),
      ),
    }),
  };
  if (warnings.length === 0) return { event, warnings };
  const content = hash('sha256', JSON.stringify(event), 'base64url');
  return { event: { ...cut, cut: { content, signals: signals?.length ?? 0 } }, warnings };
}

function normalise(posted: PostedEvent): PerlyEvent {
  const event = withoutNulls(posted);
  return {
    ...event,
    occurred_at: toUtc(event.occurred_at) ?? event.occurred_at,
    customer: {
      ...withoutNulls({ ...event.customer, owner: undefined }),
      url: new URL(event.customer.url).href,
      ...(event.customer.owner && { owner: withName(event.customer.owner) }),
    },
  };
}

function withName({ id, name }: { id: string; name?: string | null | undefined }): Owner {
  return { id, name: name == null || name.trim() === '' ? id : name };
}

function withoutNulls<T extends object>(value: T): WithoutNulls<T> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part != null)) as WithoutNulls<T>;
}

function truncateList<Item>(path: string, items: Item[], length: number, warnings: Fault[]): Item[] {
  if (items.length <= length) return items;
  warnings.push({ path, message: `has ${items.length} items: only the first ${length} are kept` });
  return items.slice(0, length);
}

function truncateText(path: string, value: string, length: number, warnings: Fault[]): string {
  if (!value.isWellFormed())
    warnings.push({ path, message: 'has half of a surrogate pair, which was replaced by U+FFFD' });
  const text = value.toWellFormed();
  if (text.length <= length) return text;
  const count = [...text].length;
  if (count <= length) return text;
  warnings.push({ path, message: `has ${count} characters: cut to ${length}` });
  return `${head(text, length - 1)}…`;
}

/** Returns the longest prefix of whole graphemes that fits; of code points if a single grapheme does not. */
function head(text: string, length: number): string {
  let taken = '';
  let left = length;
  for (const { segment } of graphemes.segment(text)) {
    left -= [...segment].length;
    if (left < 0) break;
    taken += segment;
  }
  return taken === '' ? [...text].slice(0, length).join('') : taken;
}
