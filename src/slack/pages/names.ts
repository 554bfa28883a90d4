import { clean } from '../../messages/block-kit/clean.ts';

/** Slack's limit for channels (https://slack.com/help/articles/201402297), and enough for others. */
const maxLength = 80;

/** One line of visible text, at most 80 code points plus `…`; `undefined` if nothing visible remains. Not escaped. */
export function toName(name: string | undefined): string | undefined {
  const line = clean(name ?? '');
  const characters = [...line];
  if (characters.length === 0) return undefined;
  // Truncating a sequence can leave invisible characters.
  return characters.length > maxLength ? `${clean(characters.slice(0, maxLength - 1).join(''))}…` : line;
}

/** `#customer-health`, or `@ada` for a direct message. */
export function toChannelLabel(name: string | undefined): string | undefined {
  const label = toName(name);
  if (label === undefined || /^[#@]$/.test(label)) return undefined;
  return /^[#@]/.test(label) ? label : toName(`#${label}`);
}
