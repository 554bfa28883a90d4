import { expect } from 'vitest';
import { renderMessage } from '../../sandbox/slack/render/render-message.ts';

/**
 * Compares with two files in `golden/` beside the test: what is sent, and what a reader sees. `vitest -u` accepts
 * changes.
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
