/** The spelling of these scripts needs zero-width joiners; elsewhere joiners only hide something. */
const joiningScripts = [
  'Arabic',
  'Syriac',
  'Mongolian',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Oriya',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
  'Khmer',
  'Myanmar',
]
  .map((script) => `\\p{Script=${script}}`)
  .join('');

/** Marks that join consonants. With a joiner after it, a consonant is shown in another form, also at a word's end. */
const viramas = '\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D4D\\u0DCA';

/** A joiner is needed inside an emoji sequence, between letters of a joining script, or after a virama. */
const neededJoiner = `(?<=[${viramas}])[\\u200C\\u200D]|(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\uFE0F])\\u200D(?=\\p{Extended_Pictographic})|(?<=[${joiningScripts}])[\\u200C\\u200D](?=[${joiningScripts}])`;

/** Matches controls, bidi marks, fillers and tags. */
const hidden = `(?!${neededJoiner})(?![\\t-\\r\\u0085])[\\p{Cc}\\p{Cf}\\p{Noncharacter_Code_Point}\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u3164\\uFFA0\\u{1D159}]`;

/** `🏴` followed by tags that spell the subdivision: the only visible use of tags. */
const flag = '\\u{1F3F4}[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{3,6}\\u{E007F}';

const flagOrHidden = new RegExp(`(${flag})|${hidden}`, 'gu');

/** Matches also line breaks and the blank Braille cell. */
const space = /[\s\u0085\u2800]+/gu;

/** Stacked marks reach into the lines above and below; no spelling needs more than four. */
const stackedMarks = /(\p{M}{4})\p{M}+/gu;

/** Text without this may have variation selectors only, which need a character before them. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/** Returns one line of visible text, white space collapsed, half a surrogate pair as U+FFFD; or an empty text. */
export function clean(text: string): string {
  const line = text
    .toWellFormed()
    .replace(flagOrHidden, '$1')
    .replace(space, ' ')
    .replace(stackedMarks, '$1')
    .trim();
  return visible.test(line) ? line : '';
}

/** https://www.unicode.org/Public/UCD/latest/ucd/extracted/DerivedBidiClass.txt */
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates */
export const isolateStart = '\u2068';
export const isolateEnd = '\u2069';

export function isRightToLeft(text: string): boolean {
  return rightToLeft.test(text);
}

export function isolate(text: string): string {
  return isRightToLeft(text) ? `${isolateStart}${text}${isolateEnd}` : text;
}
