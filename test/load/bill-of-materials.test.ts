import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = new URL('../../', import.meta.url);

const { '': _root, ...locked } = z
  .object({ packages: z.record(z.string(), z.looseObject({ version: z.string() })) })
  .parse(JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8'))).packages;

test('makes a bill of materials with everything that ships, which marks what is only for development', async () => {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom'], {
    cwd: root,
    maxBuffer: 2 ** 26,
  });
  const { components } = z
    .object({
      components: z.array(
        z.object({
          purl: z.string(),
          hashes: z.array(z.unknown()).min(1),
          properties: z.array(z.object({ name: z.string() })),
        }),
      ),
    })
    .parse(JSON.parse(stdout));
  const shipped = Object.entries(locked)
    .filter(([, { dev, devOptional, peer, optional }]) => !(dev || devOptional || peer || optional))
    .map(([path, { version }]) => `pkg:npm/${path.replace(/^.*node_modules\//, '')}@${version}`);
  const listed = components
    .filter(({ properties }) => !properties.some(({ name }) => name === 'cdx:npm:package:development'))
    .map(({ purl }) => decodeURIComponent(purl));
  expect(shipped.filter((name) => !listed.includes(name))).toEqual([]);
  expect(listed.filter((name) => name.includes('vitest'))).toEqual([]);
});
