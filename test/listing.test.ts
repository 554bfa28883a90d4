import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { drawDiagram } from '../scripts/draw-diagram.ts';

const pathOf = (path: string) => new URL(`../${path}`, import.meta.url);
const read = (path: string) => readFileSync(pathOf(path), 'utf8');
const listing = read('docs/listing.md');

test('the short description is that of the manifest', () => {
  const { display_information: display } = JSON.parse(read('manifest.json'));
  expect(listing).toContain(`| Short description | ${display.description} |`);
});

describe('the checklist', () => {
  const [, checklist = ''] = /## Checklist(.*?)\n## /s.exec(listing) ?? [];
  const rows = [...checklist.matchAll(/^\| (.+?) \| (.+) \|$/gm)].slice(1);

  test.each(rows.map(([, requirement = '', proof = '']) => [requirement, proof]))(
    '%s: has a proof, or names who provides it',
    (_requirement, proof) => expect(proof).toMatch(/`[\w./-]+\.\w+`|\*\*\[Publisher\]\*\*/),
  );

  test('is not empty', () => expect(rows.length).toBeGreaterThan(20));
});

test.each([512, 1024])('the icon of %d px is a square of that size', (px) => {
  const png = readFileSync(pathOf(`docs/pictures/icon-${px}.png`));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([px, px]);
});

describe('the diagram', () => {
  const text = read('docs/pictures/architecture.txt');

  test('is drawn from its text', () => {
    expect(read('docs/pictures/architecture.svg')).toBe(drawDiagram(text));
  });

  test('refuses an arrow to nowhere', () => {
    expect(() => drawDiagram(`${text}arrow | app | nowhere | x\n`)).toThrow('there is no box nowhere');
  });
});
