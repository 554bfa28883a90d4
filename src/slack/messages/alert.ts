import type { KnownBlock } from '@slack/types';
import type { PerlyEvent } from '../../perly/event.ts';
import { toButtons } from './alert-buttons.ts';
import type { AlertControls } from './alert-controls.ts';
import { alertLines, type Room, title } from './alert-lines.ts';
import { cut } from './cut.ts';
import { escapeText } from './escape-text.ts';
import { limits } from './limits.ts';
import { titleBlock } from './linked-title.ts';
import { toMarks } from './marks.ts';
import { mrkdwn, plainText } from './text-objects.ts';
import { readersTime } from './time.ts';
import { type Detail, toTwoBlocks } from './two-blocks.ts';
import type { AlertAttachment } from './webhook-message.ts';
import { barColour, typeName } from './wording.ts';

/**
 * An alert of its own. A line on a desktop holds about 100 characters: the name and the headline take one line, a
 * sentence at most two, the signals and the facts at most three each. The usual alert is five lines, which is what
 * is read in five seconds, and the longest possible one still fits on a screen.
 */
export const fullRoom: Room = { name: 80, summary: 160, signals: 240, suggestion: 160, details: 240 };

/** One of up to 20 in a message: two lines each, so that Slack's limits hold them and a storm can be skimmed. */
const compactRoom: Room = { name: 60, summary: 0, signals: 110, suggestion: 80, details: 0 };

/** What a notification shows: who, what, how bad and why. */
const fallbackRoom: Room = { name: 80, summary: 0, signals: 120, suggestion: 0, details: 0 };

/** The alert with all that Perly told, for a message of its own. */
export function toAlert(event: PerlyEvent, controls?: AlertControls): AlertAttachment {
  const lines = alertLines(event, fullRoom);
  const marks = toMarks(controls);
  const blocks: KnownBlock[] = [titleBlock(event, fullRoom.name)];
  // Else Slack may fold the end, where the suggestion stands, under "see more".
  if (lines.length > 0) blocks.push({ type: 'section', text: plainText(lines.join('\n')), expand: true });
  if (marks.length > 0) blocks.push({ type: 'context', elements: marks });
  blocks.push(...toButtons(event, controls), {
    type: 'context',
    elements: [mrkdwn(`${typeName(event)} · ${readersTime(event.occurred_at)}`)],
  });
  return { color: barColour(event), fallback: fallback(event), blocks };
}

/**
 * The alert in two blocks, for a message with others: what is left out is one click away in Perly.
 *
 * @param detail how much of an alert that somebody took care of is shown
 */
export function toCompactAlert(
  event: PerlyEvent,
  controls?: AlertControls,
  detail: Detail = 'whole',
): AlertAttachment {
  return toTwoBlocks({
    event,
    controls,
    detail,
    colour: barColour(event),
    nameRoom: compactRoom.name,
    lines: linesOrSummary(event, compactRoom),
  });
}

/**
 * The alert in one plain sentence or a few, not escaped: `Acme Corp — Health score dropped to 32 (-18). Risk level:
 * High.`
 */
export function toSentences(event: PerlyEvent): string {
  return [title(event, fallbackRoom.name), ...linesOrSummary(event, fallbackRoom)].join('. ');
}

function fallback(event: PerlyEvent): string {
  return escapeText(cut(toSentences(event), limits.fallback));
}

/** The summary takes the signals' place where there are none, so that a short form still says why. */
function linesOrSummary(event: PerlyEvent, room: Room): string[] {
  const lines = alertLines(event, room);
  const hasSignals = lines.some((line) => line.startsWith('Signals: '));
  return hasSignals ? lines : alertLines(event, { ...room, summary: room.signals });
}
