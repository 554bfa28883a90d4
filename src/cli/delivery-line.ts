import type { DeliveryDocument } from '../store/deliveries/document.ts';

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The id is quoted, to be pasted into a shell. */
export function toDeliveryLine({
  _id,
  attempts,
  finishedAt,
  lastError,
}: Pick<DeliveryDocument, '_id' | 'attempts' | 'finishedAt' | 'lastError'>): string {
  const tries = attempts === 1 ? '1 failed attempt' : `${attempts} failed attempts`;
  return `${finishedAt?.toISOString() ?? ''}  ${shellQuote(_id)}  ${tries}, last error: ${lastError ?? 'unknown'}`;
}

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Writes a character as `\u009b`, which JSON reads as the same character. */
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
