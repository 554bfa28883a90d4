import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { supportedList } from './support/supported-list.ts';

test('the README lists what the code supports (npm run list writes it)', () => {
  expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(supportedList());
});
