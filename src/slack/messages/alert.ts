import type { KnownBlock } from '@slack/types';
import type { PerlyEvent } from '../../perly/event.ts';
import { alertLines, type Room, title } from './alert-lines.ts';
import { cut } from './cut.ts';
import { escapeText } from './escape-text.ts';
import { limits } from './limits.ts';
import { linkedTitle } from './linked-title.ts';
import { openInPerly } from './open-in-perly.ts';
import { mrkdwn, plainText } from './text-objects.ts';
import { readersTime } from './time.ts';
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
export function toAlert(event: PerlyEvent): AlertAttachment {
  const lines = alertLines(event, fullRoom);
  const button = openInPerly(event);
  const blocks: KnownBlock[] = [{ type: 'section', text: mrkdwn(linkedTitle(event, fullRoom.name)) }];
  // Else Slack may fold the end, where the suggestion stands, under "see more".
  if (lines.length > 0) blocks.push({ type: 'section', text: plainText(lines.join('\n')), expand: true });
  if (button) blocks.push({ type: 'actions', elements: [button] });
  blocks.push({
    type: 'context',
    elements: [mrkdwn(`${typeName(event)} · ${readersTime(event.occurred_at)}`)],
  });
  return { color: barColour(event), fallback: fallback(event), blocks };
}

/** The alert in two blocks, for a message with others: what is left out is one click away in Perly. */
export function toCompactAlert(event: PerlyEvent): AlertAttachment {
  const button = openInPerly(event);
  return {
    color: barColour(event),
    // The message's own text serves the notification here, so the fallback only names the alert.
    fallback: escapeText(title(event, compactRoom.name)),
    blocks: [
      {
        type: 'section',
        text: mrkdwn(linkedTitle(event, compactRoom.name)),
        ...(button && { accessory: button }),
      },
      {
        type: 'context',
        elements: [
          ...linesOrSummary(event, compactRoom).map(plainText),
          mrkdwn(readersTime(event.occurred_at)),
        ],
      },
    ],
  };
}

/** The alert in one plain sentence or a few, not escaped: `Acme Corp — Health score dropped to 32 (-18). Risk level: High.` */
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
