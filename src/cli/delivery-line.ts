import type { DeliveryDocument } from '../store/deliveries/document.ts';

/** One word of a POSIX shell that stands for exactly this text, whatever is in it. */
function shellQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A failed delivery as `deliveries list` prints it: its id is quoted, to be pasted into a shell. */
export function toDeliveryLine({
  _id,
  attempts,
  finishedAt,
  lastError,
}: Pick<DeliveryDocument, '_id' | 'attempts' | 'finishedAt' | 'lastError'>): string {
  const tries = attempts === 1 ? '1 failed try' : `${attempts} failed tries`;
  return `${finishedAt?.toISOString() ?? ''}  ${shellQuote(_id)}  ${tries}, at last: ${lastError ?? 'unknown'}`;
}

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
