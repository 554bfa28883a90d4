import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const pathOf = (path: string) => new URL(`../${path}`, import.meta.url);
const read = (path: string) => readFileSync(pathOf(path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** The headings of a text, as GitHub makes anchors of them. */
function anchorsIn(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

describe.each([
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'bench/README.md',
  'docs/scaling.md',
])('%s', (paper) => {
  const text = read(paper);

  test('names only scripts that there are', () => {
    const named = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/g)].map(
      ([, run, short]) => run ?? short ?? '',
    );
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names only files and folders that there are', () => {
    const folders = 'src|test|packages|sandbox|bench|deploy|docs|events|\\.ci';
    const quoted = [...text.matchAll(new RegExp(`\`(?:\\w+ )?((?:${folders})/[\\w./-]*)`, 'g'))];
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)];
    const named = [...quoted, ...linked].map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(pathOf(path)))).toEqual([]);
  });

  test('leads only to headings that it has', () => {
    const named = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(named.filter((anchor) => !anchorsIn(text).includes(anchor ?? ''))).toEqual([]);
  });
});
