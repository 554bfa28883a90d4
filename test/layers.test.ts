import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The rooms of `src`, the innermost first. A file imports from rooms further in than its own, types included. */
const layers: readonly (readonly string[])[] = [
  ['lib'],
  ['domain'],
  ['messages'],
  ['store'],
  ['delivery'],
  ['channels'],
  ['perly', 'slack', 'ops'],
  ['config'],
  ['app', 'cli'],
  ['main'],
];

/** Rooms outside of `src` that know nobody, and what they may know all the same. */
const apart: Record<string, readonly string[]> = {
  'sandbox/slack': [],
  'sandbox/ui/page': ['sandbox/slack/element-values.ts', 'sandbox/ui/snapshot.ts'],
};

type Import = { from: string; to: string };

/** The imports of our own files by the files below a folder, with paths from the top; `import type` as well. */
function importsOf(folder: string): Import[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => {
      const from = join(folder, file);
      const source = readFileSync(join(root, from), 'utf8');
      return [...source.matchAll(/^(?:import|export) [^;'"]*?from '(\.[^']+)';/gms)].map(([, path = '']) => ({
        from,
        to: normalize(join(dirname(from), path)),
      }));
    });
}

const isIn = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

const roomOf = (path: string) => path.split('/')[1]?.replace(/\.ts$/, '') ?? '';

const layerOf = (path: string) => layers.findIndex((rooms) => rooms.includes(roomOf(path)));

describe('imports point one way', () => {
  const all = importsOf('src');

  test('every file of src is in a known folder', () => {
    expect(all.filter(({ from }) => layerOf(from) === -1)).toEqual([]);
    expect(all.length).toBeGreaterThan(50);
  });

  test('a folder imports only from folders further in, types included', () => {
    const wrong = all.filter(
      ({ from, to }) => roomOf(from) !== roomOf(to) && isIn(to, 'src') && layerOf(to) >= layerOf(from),
    );
    expect(wrong).toEqual([]);
  });

  test('files do not import each other in circles', () => {
    const targets = new Map<string, string[]>();
    for (const { from, to } of all) targets.set(from, [...(targets.get(from) ?? []), to]);
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, above: readonly string[]): void => {
      if (above.includes(file)) circles.push([...above.slice(above.indexOf(file)), file].join(' → '));
      else if (!done.has(file)) {
        for (const to of targets.get(file) ?? []) visit(to, [...above, file]);
        done.add(file);
      }
    };
    for (const file of targets.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });

  test('the product knows nothing of the sandbox, the benchmarks and the tests', () => {
    const outside = all.filter(({ to }) => !isIn(to, 'src'));
    expect(outside).toEqual([
      { from: 'src/store/embedded.ts', to: 'packages/embedded-mongo/src/embedded-mongo.ts' },
    ]);
  });

  test.each(Object.entries(apart))('%s imports nothing but itself and %j', (folder, allowed) => {
    const strangers = importsOf(folder).filter(
      ({ to }) => ![folder, ...allowed].some((place) => isIn(to, place)),
    );
    expect(strangers).toEqual([]);
  });

  test('only main.ts knows the app, and only the app knows its parts', () => {
    const known = all.filter(({ from, to }) => isIn(to, 'src/app') && !isIn(from, 'src/app'));
    expect(new Set(known.map(({ from, to }) => `${from} → ${to}`))).toEqual(
      new Set(['src/main.ts → src/app/create-app.ts']),
    );
  });
});
