type Box = { column: number; row: number; name: string; details: string[] };

const size = { box: { width: 230, height: 96 }, gap: { x: 220, y: 76 }, margin: 24 };

/** Draws boxes on a grid and straight arrows between them, from the text that describes both. @returns an SVG document */
export function drawDiagram(text: string): string {
  const lines = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const boxes = new Map<string, Box>();
  for (const [kind, id = '', column, row, name = '', ...details] of lines)
    if (kind === 'box') boxes.set(id, { column: Number(column), row: Number(row), name, details });
  const arrows = lines
    .filter(([kind]) => kind === 'arrow')
    .map(([, from = '', to = '', ...labels]) => drawArrow(find(boxes, from), find(boxes, to), labels));
  const all = [...boxes.values()];
  const width = xOf(Math.max(...all.map(({ column }) => column))) + size.box.width + size.margin;
  const height = yOf(Math.max(...all.map(({ row }) => row))) + size.box.height + size.margin;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" text-anchor="middle">
<title>Architecture of Perly for Slack</title>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8Z" fill="#475467"/></marker></defs>
<rect width="${width}" height="${height}" fill="#fff"/>
${[...all.map(drawBox), ...arrows].join('\n')}
</svg>
`;
}

function find(boxes: ReadonlyMap<string, Box>, id: string): Box {
  const box = boxes.get(id);
  if (box === undefined) throw new Error(`there is no box ${id}`);
  return box;
}

const xOf = (column: number) => size.margin + column * (size.box.width + size.gap.x);
const yOf = (row: number) => size.margin + row * (size.box.height + size.gap.y);

function drawBox({ column, row, name, details }: Box): string {
  const [x, y] = [xOf(column), yOf(row)];
  const center = x + size.box.width / 2;
  const rows = details.map((detail, index) => drawText(center, y + 58 + index * 19, detail, 13, '#475467'));
  return `<rect x="${x}" y="${y}" width="${size.box.width}" height="${size.box.height}" rx="10" fill="#f4f3f6" stroke="#8d8999"/>
${[drawText(center, y + 32, name, 16, '#1d2939', 600), ...rows].join('\n')}`;
}

/** From edge to edge; two arrows of opposite directions run beside each other, each with its label on its own side. */
function drawArrow(from: Box, to: Box, labels: readonly string[]): string {
  const { box } = size;
  if (from.row !== to.row) {
    const x = xOf(from.column) + box.width / 2;
    const y1 = yOf(from.row) + box.height;
    const y2 = yOf(to.row) - 2;
    return `${drawLine(x, y1, x, y2)}\n${drawLabels(x + 100, (y1 + y2) / 2 + 4, labels)}`;
  }
  const isForward = to.column > from.column;
  const y = yOf(from.row) + (isForward ? 34 : 66);
  const [x1, x2] = isForward
    ? [xOf(from.column) + box.width, xOf(to.column) - 2]
    : [xOf(from.column), xOf(to.column) + box.width + 2];
  const labelY = isForward ? y - 8 - (labels.length - 1) * 16 : y + 18;
  return `${drawLine(x1, y, x2, y)}\n${drawLabels((x1 + x2) / 2, labelY, labels)}`;
}

function drawLine(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#475467" stroke-width="1.5" marker-end="url(#head)"/>`;
}

function drawLabels(x: number, y: number, labels: readonly string[]): string {
  return labels.map((label, index) => drawText(x, y + index * 16, label, 12, '#1d2939')).join('\n');
}

function drawText(x: number, y: number, text: string, px: number, fill: string, weight = 400): string {
  return `<text x="${x}" y="${y}" font-size="${px}" fill="${fill}" font-weight="${weight}">${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
}
