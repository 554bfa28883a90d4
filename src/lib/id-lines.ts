/** So many ids stand on one line of the log, which stays shorter than what log shippers cut. */
const idsPerLine = 50;

/** Ids as the lines of a log take them. */
export function idLines(ids: readonly string[]): string[][] {
  const lines: string[][] = [];
  for (let from = 0; from < ids.length; from += idsPerLine) lines.push(ids.slice(from, from + idsPerLine));
  return lines;
}
