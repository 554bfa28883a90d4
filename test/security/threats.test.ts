import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const threats = readFileSync(`${root}SECURITY.md`, 'utf8');

test('every test that SECURITY.md names exists', () => {
  const named = [...threats.matchAll(/`((?:packages\/[\w-]+\/)?test\/[\w./-]+)`/g)].map(
    ([, file = '']) => file,
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => !existsSync(root + file))).toEqual([]);
});

test('every threat has a test', () => {
  const [, table = ''] = threats.split('## Threats');
  const rows = (table.split('## What is not covered')[0] ?? '')
    .split('\n')
    .filter((line) => /^\| [^-]/.test(line));
  const untested = rows.slice(1).filter((row) => !/`(?:packages\/[\w-]+\/)?test\//.test(row));
  expect(untested.map((row) => row.split('|')[1]?.trim())).toEqual([]);
});
