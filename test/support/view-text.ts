import { elementsOf } from '../../sandbox/slack/find-element.ts';
import { isRecord } from '../../sandbox/slack/is-record.ts';
import type { View } from '../../sandbox/slack/views.ts';

/** All text that a person can read in a view, one line per text. */
export function textOf(view: View | undefined): string {
  const lines: string[] = [];
  collect(view?.content, lines);
  return lines.join('\n');
}

/** The `action_id` of every element. */
export function listControls(view: View | undefined): string[] {
  return elementsOf(view?.content.blocks).map(({ actionId }) => actionId);
}

function collect(value: unknown, lines: string[]): void {
  if (Array.isArray(value)) for (const item of value) collect(item, lines);
  else if (isRecord(value)) {
    if (typeof value.text === 'string') lines.push(value.text);
    else for (const [name, field] of Object.entries(value)) if (name !== 'confirm') collect(field, lines);
  }
}
