import { readFileSync, writeFileSync } from 'node:fs';
import { listPattern, supportedList } from './supported-list.ts';

/** Writes the list of what is supported into the README: `npm run list`. */
const readme = new URL('../../README.md', import.meta.url);
const text = readFileSync(readme, 'utf8');
writeFileSync(
  readme,
  text.replace(listPattern, (_, before: string, after: string) => `${before}${supportedList()}${after}`),
);
