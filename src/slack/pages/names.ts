/** Slack's own limit for a channel's name (https://slack.com/help/articles/201402297), and enough for the others. */
const maxLength = 80;

/**
 * A name that someone else chose, fit to be read: one line, at most 80 code points, then `…`. Characters that show
 * nothing or turn the direction of the text around it are left out. `undefined` where nothing remains. Not escaped.
 */
export function toName(name: string | undefined): string | undefined {
  const line = (name ?? '')
    .toWellFormed()
    .replace(/(?!\s)[\p{Cc}\p{Bidi_Control}\u200B\u2060]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  const characters = [...line];
  if (characters.length === 0) return undefined;
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : line;
}

/** A channel as people know it: `#customer-health`, or `@ada` for a direct message. */
export function toChannelLabel(name: string | undefined): string | undefined {
  const label = toName(name);
  return label === undefined || /^[#@]/.test(label) ? label : toName(`#${label}`);
}
