import { title } from './alert-lines.ts';
import type { CustomerState } from './customer-state.ts';
import { type DigestRoom, digestLines, headAlert } from './digest-lines.ts';
import { escapeText } from './escape-text.ts';
import { linkedTitle } from './linked-title.ts';
import { openInPerly } from './open-in-perly.ts';
import { mrkdwn, plainText } from './text-objects.ts';
import { readersTime } from './time.ts';
import type { AlertAttachment } from './webhook-message.ts';
import { barColour } from './wording.ts';

/** One customer in a digest: two blocks, so that 20 of them stay within Slack's 50. */
export function toEntry(state: CustomerState, room: DigestRoom): AlertAttachment {
  const head = headAlert(state);
  const button = openInPerly(head);
  return {
    color: barColour({ type: head.type, risk_level: state.riskLevel }),
    // The message's own text serves the notification here, so the fallback only names the entry.
    fallback: escapeText(title(head, room.name)),
    blocks: [
      {
        type: 'section',
        text: mrkdwn(linkedTitle(head, room.name)),
        ...(button && { accessory: button }),
      },
      {
        type: 'context',
        elements: [...digestLines(state, room).map(plainText), mrkdwn(readersTime(head.occurred_at))],
      },
    ],
  };
}

/** The same as a plain sentence or a few, not escaped. */
export function toEntrySentences(state: CustomerState, room: DigestRoom): string {
  return [title(headAlert(state), room.name), ...digestLines(state, room)].join('. ');
}
