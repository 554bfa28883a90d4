import { expect } from 'vitest';
import { renderMessage } from '../../sandbox/slack/render/render-message.ts';

/**
 * Compares a message with two files in `golden/` beside the test: its JSON, and its text as a reader sees it.
 * `vitest -u` accepts changes.
 */
export async function expectGolden(name: string, message: unknown): Promise<void> {
  await expect(`${JSON.stringify(message, undefined, 2)}\n`).toMatchFileSnapshot(`golden/${name}.json`);
  await expect(`${toPicture(message)}\n`).toMatchFileSnapshot(`golden/${name}.txt`);
}

function toPicture(message: unknown): string {
  return renderMessage(message)
    .map(({ colour, lines }) =>
      [...(colour ? [colour] : []), ...lines.map((line) => (colour ? `▌ ${line}` : line))].join('\n'),
    )
    .join('\n\n');
}
