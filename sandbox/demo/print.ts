import { styleText } from 'node:util';
import type { RenderedPart } from '../slack/render/render-message.ts';

export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export const strong = (text: string): string => styleText('bold', text);
export const faint = (text: string): string => styleText('dim', text);
export const good = (text: string): string => styleText('green', text);
export const bad = (text: string): string => styleText('red', text);

export function printPart({ colour, lines }: RenderedPart): void {
  const bar = colour === undefined ? ' ' : inColour(colour, '▌');
  for (const line of lines) say(`  ${bar} ${line}`);
}

function inColour(hex: string, text: string): string {
  if (!process.stdout.hasColors?.(2 ** 24)) return text;
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `\u001b[38;2;${red};${green};${blue}m${text}\u001b[0m`;
}
