import { escapeMrkdwn } from './mrkdwn.ts';

/** @param maxLength the length of all texts together, without separators */
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

/** Counts UTF-16 units of the escaped text: never less than what a reader or Slack counts. */
export function sentLength(text: string): number {
  return escapeMrkdwn(text).length;
}

/**
 * Keeps as many whole words as fit, and adds `…`; a word longer than half of the maximum is cut.
 * @param maxLength the length of the result, measured as {@link sentLength}; at least 1
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
  // A grapheme can have any length (joined emoji), so it may have to be cut.
  return whole === '' ? takeUpTo(text, available) : whole;
}

function* characters(text: string): Generator<string, void> {
  for (const { segment } of graphemes.segment(text)) yield segment;
}

function takeUpTo(pieces: Iterable<string>, available: number): string {
  let kept = '';
  let left = available;
  for (const piece of pieces) {
    left -= sentLength(piece);
    if (left < 0) break;
    kept += piece;
  }
  return kept;
}
