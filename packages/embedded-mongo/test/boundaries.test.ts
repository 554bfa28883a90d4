import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest: Record<'dependencies' | 'devDependencies', Record<string, string>> = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** Everything that the files of a folder import, types included: relative paths from the package's folder. */
function importsOf(folder: string): { file: string; target: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const file = join(folder, name);
      const source = readFileSync(join(root, file), 'utf8');
      return [...source.matchAll(/^(?:import|export)\b[^;'`]*?\bfrom '([^']+)';/gms)].map(
        ([, target = '']) => ({
          file,
          target: target.startsWith('.') ? join(dirname(file), target) : target,
        }),
      );
    });
}

const isInstalled = (target: string, packages: Record<string, string>) =>
  Object.keys(packages).some((name) => target === name || target.startsWith(`${name}/`));
const isBuiltIn = (target: string) => target.startsWith('node:') && builtinModules.includes(target.slice(5));

test('the package imports its own files and its dependencies, nothing else', () => {
  const imports = importsOf('src');
  const foreign = imports.filter(
    ({ target }) =>
      !target.startsWith('src/') && !isBuiltIn(target) && !isInstalled(target, manifest.dependencies),
  );
  expect(foreign).toEqual([]);
  expect(imports.length).toBeGreaterThan(50);
});

test('its tests import the package and its dependencies, nothing else', () => {
  const known = { ...manifest.dependencies, ...manifest.devDependencies };
  const foreign = importsOf('test').filter(
    ({ target }) => !/^(?:src|test)\//.test(target) && !isBuiltIn(target) && !isInstalled(target, known),
  );
  expect(foreign).toEqual([]);
});
