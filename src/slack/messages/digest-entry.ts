import type { AlertControls, ControlsByEvent } from './alert-controls.ts';
import { title } from './alert-lines.ts';
import type { CustomerState } from './customer-state.ts';
import { type DigestRoom, digestLines, headAlert } from './digest-lines.ts';
import { type Detail, toTwoBlocks } from './two-blocks.ts';
import type { AlertAttachment } from './webhook-message.ts';
import { barColour } from './wording.ts';

/**
 * One customer in a digest: two blocks, so that 20 of them stay within Slack's 50.
 *
 * @param detail how much of an entry that somebody took care of is shown
 */
export function toEntry(
  state: CustomerState,
  room: DigestRoom,
  controls?: ControlsByEvent,
  detail: Detail = 'whole',
): AlertAttachment {
  const head = headAlert(state);
  return toTwoBlocks({
    event: head,
    controls: controls && entryControls(state, controls),
    detail,
    colour: barColour({ type: head.type, risk_level: state.riskLevel }),
    nameRoom: room.name,
    lines: digestLines(state, room),
  });
}

/** The same as a plain sentence or a few, not escaped. */
export function toEntrySentences(state: CustomerState, room: DigestRoom): string {
  return [title(headAlert(state), room.name), ...digestLines(state, room)].join('. ');
}

/** Those of the latest alert; the entry is acknowledged once all of its alerts are, by whoever was the first. */
function entryControls(
  { alerts, latest }: CustomerState,
  controls: ControlsByEvent,
): AlertControls | undefined {
  const head = controls.get(latest.id);
  if (head === undefined) return undefined;
  const all = alerts.map(({ id }) => controls.get(id)?.acknowledged);
  const known = all.filter((one) => one !== undefined).sort((a, b) => a.at.getTime() - b.at.getTime());
  return { ...head, acknowledged: known.length === all.length ? known[0] : undefined };
}
