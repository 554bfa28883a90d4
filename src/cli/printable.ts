/** What a terminal would act on, or show in another place than where it stands. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text for a terminal: what would act on it is written as `\u009b`, which means the same within JSON. */
export function toPrintable(text: string): string {
  return text.replace(unprintable, (character) =>
    character === '\n'
      ? character
      : Array.from(
          { length: character.length },
          (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
        ).join(''),
  );
}
