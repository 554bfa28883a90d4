import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { collectProcessMetrics, createMetrics } from '../src/ops/metrics.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

const { registry, ...own } = createMetrics();
const ownNames = registry.getMetricsAsArray().map(({ name }) => name);
let names: string[];
beforeAll(() => {
  collectProcessMetrics({ registry, ...own });
  names = registry.getMetricsAsArray().map(({ name }) => name);
});

/** The names of metrics in a text, without what Prometheus adds to a histogram's. */
function namesIn(text: string): string[] {
  const found = text.match(/\b(?:perly_slack|nodejs|process)_\w+/g) ?? [];
  return [...new Set(found.map((name) => name.replace(/(_seconds)_(?:bucket|count|sum)$/, '$1')))];
}

describe.each(['deploy/alerts.yaml', 'deploy/dashboard.json'])('%s', (path) => {
  test('names only existing metrics', () => {
    const named = namesIn(read(path));
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('selects only existing values of labels', async () => {
    const { values } = await own.messages.get();
    const { values: changes } = await own.deliveries.get();
    const known = [...values, ...changes].flatMap(({ labels }) => Object.values(labels).map(String));
    const asked = [...read(path).matchAll(/\b(?:kind|change|answer)=\\?"(\w+)\\?"/g)].map(
      ([, label]) => label,
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((label) => !known.includes(label ?? ''))).toEqual([]);
  });
});

test('every alert has a unique name, and says what is wrong and what to do', () => {
  type Rule = { alert: string; expr: string; labels: object; annotations: object };
  const { groups } = parse(read('deploy/alerts.yaml')) as { groups: { rules: Rule[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const rule of rules)
    expect(rule).toMatchObject({
      expr: expect.stringMatching(/[({]/),
      labels: { severity: expect.stringMatching(/^(critical|warning)$/) },
      annotations: { summary: expect.any(String), action: expect.any(String) },
    });
});

test('every alert has a case that makes it fire, and a section that says what to do', () => {
  const named = [...read('deploy/alerts.yaml').matchAll(/^ +- alert: (\w+)$/gm)].map(([, name]) => name);
  const fired = [...read('deploy/alerts.test.yaml').matchAll(/alertname="(\w+)"/g)].map(([, name]) => name);
  const [, section = ''] = /## Alerts(.*?)\n## /s.exec(read('docs/operations.md')) ?? [];
  const explained = [...section.matchAll(/^### (\w+)\n\n(?!-).+?\n- Look at: .+?\n- Do: /gms)].map(
    ([, name]) => name,
  );
  expect(named.length).toBeGreaterThan(10);
  expect(new Set(fired)).toEqual(new Set(named));
  expect(explained).toEqual(named);
});

test('every panel of the dashboard has a query, and a place of its own', () => {
  const { panels } = JSON.parse(read('deploy/dashboard.json')) as {
    panels: { title: string; targets: unknown[]; gridPos: { x: number; y: number } }[];
  };
  expect(panels.filter(({ targets }) => targets.length === 0)).toEqual([]);
  expect(new Set(panels.map(({ gridPos }) => `${gridPos.x} ${gridPos.y}`)).size).toBe(panels.length);
});

test('the operations document names all of our metrics, and no others', () => {
  const table = /## Metrics(.*?)\n#/s.exec(read('docs/operations.md'))?.[1] ?? '';
  const named = [...table.matchAll(/^\| `(perly_slack_\w+)/gm)].map(([, name]) => name);
  expect(named).toEqual(ownNames);
});
