import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { startTestEngine } from './test-engine.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Once, before all tests of the package. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Within the package, so that its dependencies are found.
  const builds = join(root, 'node_modules', '.cache');
  await mkdir(builds, { recursive: true });
  const folder = await mkdtemp(join(builds, 'build-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin',
    'tsc',
  );
  const build = async () => {
    const options = ['-p', join(root, 'tsconfig.build.json'), '--noCheck', '--outDir', folder];
    await promisify(execFile)(process.execPath, [compiler, ...options]);
  };
  await build();
  project.provide('embeddedMongoBuild', folder);
  project.onTestsRerun(build);
  const engine = await startTestEngine(folder);
  project.provide('engineUri', engine.uri);
  return async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  };
}
