/** Prints a Markdown table: the first row is its header. */
export function printTable(title: string, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  console.log(`\n### ${title}\n\n${[line(head), rule, ...body.map(line)].join('\n')}`);
}

/** `12.3 ms` */
export function ms(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`;
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}

/** `2.4×` */
export function ratio(value: number, to: number): string {
  return `${(value / to).toFixed(value / to < 10 ? 2 : 1)}×`;
}
