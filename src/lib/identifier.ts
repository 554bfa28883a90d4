/** How many code points an identifier may have. */
export const maxIdentifierLength = 128;

/**
 * Characters that nobody sees, or that change how what stands around them is shown: control characters (C0, C1), format
 * characters (bidirectional controls, zero-width ones, byte order marks), line and paragraph separators.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Spaces, marks without a letter, and letters that are drawn as nothing (U+3164, U+115F). */
const blanks = /^[\s\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** What is wrong with a text as an identifier, which becomes part of database keys, paths, log lines and commands. */
export function findIdentifierFault(value: string): string | undefined {
  if (!value.isWellFormed()) return 'has half of a surrogate pair';
  if (value === '' || isLonger(value, maxIdentifierLength))
    return `must be 1 to ${maxIdentifierLength} characters`;
  if (invisible.test(value)) return 'must not contain control, format or line separator characters';
  if (blanks.test(value)) return 'must have a visible character';
  // Every URL parser removes such a segment, so that no path with it could be asked for.
  if (value === '.' || value === '..') return 'must not be . or .., which no URL can hold';
  return undefined;
}

/** Whether a text can identify an event, an account, a customer or an owner. */
export function isIdentifier(value: string): boolean {
  return findIdentifierFault(value) === undefined;
}

/** Whether a value has more code points than that, as Perly's other languages count. */
export function isLonger(value: string, maximum: number): boolean {
  if (value.length <= maximum) return false;
  return value.length > maximum * 2 || [...value].length > maximum;
}
