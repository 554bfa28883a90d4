import { clean } from '../../messages/block-kit/clean.ts';

/** Slack's own limit for a channel's name (https://slack.com/help/articles/201402297), and enough for the others. */
const maxLength = 80;

/**
 * A name that someone else chose, fit to be read: one line of visible text as in messages, at most 80 code points, then
 * `…`. `undefined` where nothing remains. Not escaped.
 */
export function toName(name: string | undefined): string | undefined {
  const line = clean(name ?? '');
  const characters = [...line];
  if (characters.length === 0) return undefined;
  // What the cut leaves of a sequence may show nothing.
  return characters.length > maxLength ? `${clean(characters.slice(0, maxLength - 1).join(''))}…` : line;
}

/** A channel as people know it: `#customer-health`, or `@ada` for a direct message. */
export function toChannelLabel(name: string | undefined): string | undefined {
  const label = toName(name);
  if (label === undefined || /^[#@]$/.test(label)) return undefined;
  return /^[#@]/.test(label) ? label : toName(`#${label}`);
}
