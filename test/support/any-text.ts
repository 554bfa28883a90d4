import fc from 'fast-check';

/** Any code point except surrogates. */
const character = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff)
  .map((codePoint) => String.fromCodePoint(codePoint), toCodePoint);

function toCodePoint(text: unknown): number {
  const codePoint = typeof text === 'string' ? text.codePointAt(0) : undefined;
  if (codePoint === undefined || String.fromCodePoint(codePoint) !== text)
    throw new TypeError('That is not one character.');
  return codePoint;
}

/** Like fast-check's unit `binary`, without the table of a million code points that it builds first. */
export function anyText(maxLength?: number): fc.Arbitrary<string> {
  return fc.string({ unit: character, ...(maxLength !== undefined && { maxLength }) });
}
