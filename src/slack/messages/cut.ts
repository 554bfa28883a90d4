import { escapeText } from './escape-text.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How long a text is once it is sent: UTF-16 units, escaped. Never less than what a reader or Slack counts. */
export function sentLength(text: string): number {
  return escapeText(text).length;
}

/**
 * The text, or as many whole words of it as fit, and `…`. A word longer than half of the room is cut between two
 * characters that a reader sees (graphemes), never inside a code point.
 *
 * @param maximum the longest that the result may be, measured as {@link sentLength}; at least 1
 */
export function cut(text: string, maximum: number): string {
  if (sentLength(text) <= maximum) return text;
  const room = maximum - 1;
  const kept = head(text, room);
  const isWholeWord = text.charAt(kept.length) === ' ';
  const lastSpace = isWholeWord ? -1 : kept.lastIndexOf(' ');
  const words = lastSpace * 2 >= kept.length && lastSpace > 0 ? kept.slice(0, lastSpace) : kept;
  return `${words.replace(/[\u200D\s,;:.…–—-]+$/u, '')}…`;
}

function head(text: string, room: number): string {
  const whole = take(characters(text), room);
  // One grapheme can be of any length (emoji joined without end): then code points are the smallest piece.
  return whole === '' ? take(text, room) : whole;
}

/** The graphemes of a text, found as they are asked for. */
function* characters(text: string): Generator<string, void> {
  for (const { segment } of graphemes.segment(text)) yield segment;
}

function take(pieces: Iterable<string>, room: number): string {
  let taken = '';
  let left = room;
  for (const piece of pieces) {
    left -= sentLength(piece);
    if (left < 0) break;
    taken += piece;
  }
  return taken;
}
