import { readFileSync, writeFileSync } from 'node:fs';
import { drawDiagram } from './draw-diagram.ts';

/** `npm run diagram` draws docs/pictures/architecture.svg from architecture.txt. */
const file = (name: string) => new URL(`../docs/pictures/architecture.${name}`, import.meta.url);

writeFileSync(file('svg'), drawDiagram(readFileSync(file('txt'), 'utf8')));
