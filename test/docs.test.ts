import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
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
  'docs/integration.md',
  'docs/listing.md',
  'docs/operations.md',
  'docs/performance.md',
  'docs/privacy.md',
  'docs/scaling.md',
])('%s', (document) => {
  const text = read(document);
  /** Where a link of this document leads: its file, from the root, and its heading. */
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].map(
    ([, path = '', anchor]) => ({
      path: path === '' ? document : join(dirname(document), path),
      anchor,
    }),
  );

  test('names only existing scripts', () => {
    const named = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/g)].map(
      ([, run, short]) => run ?? short ?? '',
    );
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names only existing files and folders', () => {
    const folders = 'src|test|packages|sandbox|bench|deploy|docs|events|\\.ci';
    const quoted = [...text.matchAll(new RegExp(`\`(?:\\w+ )?((?:${folders})/[\\w./-]*)`, 'g'))];
    const named = [...quoted.map(([, path = '']) => path), ...links.map(({ path }) => path)];
    expect(named.filter((path) => !existsSync(pathOf(path)))).toEqual([]);
  });

  test('links only to existing headings', () => {
    const missing = links.filter(
      ({ path, anchor }) => anchor !== undefined && !anchorsIn(read(path)).includes(anchor),
    );
    expect(missing).toEqual([]);
  });
});
