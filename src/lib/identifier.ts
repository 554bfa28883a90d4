/** Counted in code points. */
export const maxIdentifierLength = 128;

const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Matches spaces, marks without a letter, and letters that show nothing (U+3164, U+115F). */
const blanks = /^[\s\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Identifiers become part of database keys, paths, log lines and commands. */
export function findIdentifierFault(value: string): string | undefined {
  if (!value.isWellFormed()) return 'has half of a surrogate pair';
  if (value === '' || isLonger(value, maxIdentifierLength))
    return `must be 1 to ${maxIdentifierLength} characters`;
  if (invisible.test(value)) return 'must not contain control, format or line separator characters';
  if (blanks.test(value)) return 'must have a visible character';
  // URL parsers remove such a segment, so no path could contain it.
  if (value === '.' || value === '..') return 'must not be . or .., which no URL can hold';
  return undefined;
}

export function isIdentifier(value: string): boolean {
  return findIdentifierFault(value) === undefined;
}

export function isLonger(value: string, maximum: number): boolean {
  if (value.length <= maximum) return false;
  return value.length > maximum * 2 || [...value].length > maximum;
}
