import { escapeMrkdwn } from './mrkdwn.ts';

/**
 * Cuts texts so that all of them stand on one line: short ones stay whole, and what they leave is shared by the long
 * ones in equal parts.
 *
 * @param maxLength what the texts may take together, separators not counted, measured as `sentLength`
 */
export function splitBudget(texts: readonly string[], maxLength: number): string[] {
  let left = maxLength;
  let waiting = texts.length;
  let share = Number.POSITIVE_INFINITY;
  for (const length of texts.map(sentLength).sort((a, b) => a - b)) {
    const equal = Math.floor(left / waiting);
    if (length > equal) {
      share = equal;
      break;
    }
    left -= length;
    waiting -= 1;
  }
  return texts.map((text) => truncate(text, Math.max(1, share)));
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How long a text is once it is sent: UTF-16 units, escaped. Never less than what a reader or Slack counts. */
export function sentLength(text: string): number {
  return escapeMrkdwn(text).length;
}

/**
 * The text, or as many whole words of it as fit, and `…`. A word longer than half of the room is cut between two
 * characters that a reader sees (graphemes), never inside a code point.
 *
 * @param maxLength the longest that the result may be, measured as {@link sentLength}; at least 1
 */
export function truncate(text: string, maxLength: number): string {
  if (sentLength(text) <= maxLength) return text;
  const available = maxLength - 1;
  const kept = head(text, available);
  const isWholeWord = text.charAt(kept.length) === ' ';
  const lastSpace = isWholeWord ? -1 : kept.lastIndexOf(' ');
  const words = lastSpace * 2 >= kept.length && lastSpace > 0 ? kept.slice(0, lastSpace) : kept;
  return `${words.replace(/[\u200D\s,;:.…–—-]+$/u, '')}…`;
}

function head(text: string, available: number): string {
  const whole = takeUpTo(characters(text), available);
  // One grapheme can be of any length (emoji joined without end): then code points are the smallest piece.
  return whole === '' ? takeUpTo(text, available) : whole;
}

/** The graphemes of a text, found as they are asked for. */
function* characters(text: string): Generator<string, void> {
  for (const { segment } of graphemes.segment(text)) yield segment;
}

function takeUpTo(pieces: Iterable<string>, available: number): string {
  let taken = '';
  let left = available;
  for (const piece of pieces) {
    left -= sentLength(piece);
    if (left < 0) break;
    taken += piece;
  }
  return taken;
}
