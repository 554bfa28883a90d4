/** Letters that are written from right to left. */
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}]/u;

/** First strong isolate and pop directional isolate: https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates */
export const isolateStart = '\u2068';
export const isolateEnd = '\u2069';

/** Whether a text holds letters that would reorder the line in which it stands. */
export function isRightToLeft(text: string): boolean {
  return rightToLeft.test(text);
}

/** The text, set apart where it would reorder the line in which it stands. @param text cleaned */
export function isolate(text: string): string {
  return isRightToLeft(text) ? `${isolateStart}${text}${isolateEnd}` : text;
}
