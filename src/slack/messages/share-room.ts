import { cut, sentLength } from './cut.ts';

/**
 * Cuts texts so that all of them stand on one line: short ones stay whole, and what they leave is shared by the long
 * ones in equal parts.
 *
 * @param room what the texts may take together, separators not counted, measured as `sentLength`
 */
export function shareRoom(texts: readonly string[], room: number): string[] {
  let left = room;
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
  return texts.map((text) => cut(text, Math.max(1, share)));
}
