import type { PerlyEvent } from '../../perly/event.ts';
import { type AlertControls, toBlockId } from './alert-controls.ts';
import { customerName, title } from './alert-lines.ts';
import { toAccessory } from './alert-menu.ts';
import { escapeText } from './escape-text.ts';
import { titleText } from './linked-title.ts';
import { toMarks } from './marks.ts';
import { mrkdwn, plainText } from './text-objects.ts';
import { readersTime } from './time.ts';
import type { AlertAttachment } from './webhook-message.ts';

/**
 * How much is shown of what somebody took care of. What people did takes room that a message at Slack's limits does not
 * have: then its facts go, and at last its menu. `bare` is never longer than the same without any marks.
 */
export type Detail = 'whole' | 'short' | 'bare';

/**
 * One of many in a message: its title with a menu, and a line of facts.
 *
 * @param nameRoom how long the name may be, measured as `sentLength`
 * @param lines the facts, cleaned and cut but not escaped
 */
export function toTwoBlocks({
  event,
  controls,
  detail,
  colour,
  nameRoom,
  lines,
}: {
  event: PerlyEvent;
  controls: AlertControls | undefined;
  detail: Detail;
  colour: string;
  nameRoom: number;
  lines: readonly string[];
}): AlertAttachment {
  const marks = toMarks(controls);
  const shown = marks.length > 0 ? detail : 'whole';
  const { text, isLinked } = titleText(event, nameRoom);
  const canOpen = shown === 'whole' || !isLinked;
  const accessory = shown === 'bare' ? undefined : toAccessory(event, controls, canOpen);
  return {
    color: colour,
    // The message's own text serves the notification here, so the fallback only names the alert.
    fallback: escapeText(shown === 'bare' ? customerName(event, nameRoom) : title(event, nameRoom)),
    blocks: [
      {
        type: 'section',
        ...(controls && { block_id: toBlockId(controls) }),
        text,
        ...(accessory && { accessory }),
      },
      {
        type: 'context',
        elements: [
          ...marks,
          ...(shown === 'whole' ? lines.map(plainText) : []),
          ...(shown === 'bare' ? [] : [mrkdwn(readersTime(event.occurred_at))]),
        ],
      },
    ],
  };
}
