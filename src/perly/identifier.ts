/**
 * Characters that nobody sees, or that change how what stands around them is shown: control characters (C0, C1), format
 * characters (bidirectional controls, zero-width ones, byte order marks), line and paragraph separators, and halves of a
 * surrogate pair.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Whether a text has a character that an identifier must not have. */
export function hasInvisible(value: string): boolean {
  return invisible.test(value);
}

/** Whether a text is a segment that every URL parser removes, so that no path with it could be asked for. */
export function isDotSegment(value: string): boolean {
  return value === '.' || value === '..';
}
