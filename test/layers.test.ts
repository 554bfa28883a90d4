import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Which folders' code a folder of `src` may run; types may come from anywhere but where `typesFrom` says. */
const mayRun: Record<string, string[]> = {
  'src/rules': [],
  'src/ops': ['src/errors.ts', 'src/id-lines.ts', 'src/lib', 'src/route-of.ts'],
  'src/store': [
    'packages/embedded-mongo/src/embedded-mongo.ts',
    'src/rules',
    'src/errors.ts',
    'src/gather.ts',
  ],
  'src/slack/messages': ['src/rules/vocabulary.ts', 'src/rules/points.ts', 'src/errors.ts'],
  'src/slack/pages': ['src/html.ts', 'src/slack/messages/clean.ts'],
  'src/slack': [
    'src/rules',
    'src/store',
    'src/errors.ts',
    'src/html.ts',
    'src/is-on-origin.ts',
    'src/lib',
    'src/parse-json.ts',
    'src/route-of.ts',
    'src/signed-token.ts',
  ],
  'src/delivery': [
    'src/rules',
    'src/slack',
    'src/store',
    'src/errors.ts',
    'src/clock.ts',
    'src/fair-limit.ts',
    'src/gather.ts',
    'src/id-lines.ts',
    'src/lib',
  ],
  'src/perly': [
    'src/rules',
    'src/store',
    'src/errors.ts',
    'src/fair-limit.ts',
    'src/html.ts',
    'src/is-on-origin.ts',
    'src/lib',
    'src/parse-json.ts',
    'src/route-of.ts',
  ],
  'sandbox/slack': [],
  'sandbox/face/page': ['sandbox/slack/element-values.ts'],
};

type Import = { from: string; to: string; isType: boolean };

/** The imports of our own files by the files below a folder, with paths from the top. */
function importsOf(folder: string): Import[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => {
      const from = join(folder, file);
      const source = readFileSync(join(root, from), 'utf8');
      return [...source.matchAll(/^(?:import|export) (type )?[^;'"]*?from '(\.[^']+)';/gms)].map(
        ([, type, path = '']) => ({
          from,
          to: normalize(join(dirname(from), path)),
          isType: type !== undefined,
        }),
      );
    });
}

const isIn = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

describe('imports point one way', () => {
  test.each(Object.entries(mayRun))('%s runs nothing but itself and %j', (folder, allowed) => {
    const strangers = importsOf(folder).filter(
      ({ to, isType }) => !isType && ![folder, ...allowed].some((place) => isIn(to, place)),
    );
    expect(strangers).toEqual([]);
  });

  test('rules know nobody, not even by type', () => {
    expect(importsOf('src/rules').filter(({ to }) => !isIn(to, 'src/rules'))).toEqual([]);
  });

  test('the product knows nothing of the sandbox, the benchmarks and the tests', () => {
    const outside = importsOf('src').filter(({ to }) => !isIn(to, 'src') && !isIn(to, 'packages'));
    expect(outside).toEqual([]);
  });

  test('only main.ts knows app.ts, only app.ts what it is joined of, and every import was seen', () => {
    const all = importsOf('src');
    expect(all.filter(({ to }) => to === 'src/app.ts').map(({ from }) => from)).toEqual(['src/main.ts']);
    const joined = all.filter(({ from, to }) => isIn(to, 'src/join') && !isIn(from, 'src/join'));
    expect(new Set(joined.map(({ from }) => from))).toEqual(new Set(['src/app.ts']));
    expect(all.length).toBeGreaterThan(50);
  });
});
