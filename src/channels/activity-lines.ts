import type { ActivityItem, ActivityPage, ActivityPosition, ActivityQuery } from './activity.ts';

const maxLines = 25;
const maxReads = 10;
const itemsPerRead = 100;

export type ActivityLine = readonly [ActivityItem, ...ActivityItem[]];

export type ActivityLines = { lines: readonly ActivityLine[]; next: ActivityPosition | undefined };

export async function listActivityLines(
  list: (query: ActivityQuery) => Promise<ActivityPage>,
  query: Omit<ActivityQuery, 'limit'>,
): Promise<ActivityLines> {
  const items: ActivityItem[] = [];
  let next = query.after;
  for (let reads = 1; reads <= maxReads; reads++) {
    const page = await list({ ...query, after: next, limit: itemsPerRead });
    items.push(...page.items);
    next = page.next;
    const lines = toLines(items);
    if (lines.length > maxLines) {
      const shown = lines.slice(0, maxLines);
      return { lines: shown, next: shown.at(-1)?.at(-1)?.position };
    }
    if (next === undefined) break;
  }
  return { lines: toLines(items), next };
}

function toLines(items: readonly ActivityItem[]): ActivityLine[] {
  const lines: [ActivityItem, ...ActivityItem[]][] = [];
  for (const item of items) {
    const line = lines.at(-1);
    const [first] = line ?? [];
    const continues =
      item.outcome === 'suppressed' && first?.outcome === 'suppressed' && first.reason === item.reason;
    if (line !== undefined && continues) line.push(item);
    else lines.push([item]);
  }
  return lines;
}
