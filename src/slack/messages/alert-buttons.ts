import type { ActionsBlock } from '@slack/types';
import type { PerlyEvent } from '../../perly/event.ts';
import {
  type AlertControls,
  acknowledgeActionId,
  muteActionId,
  muteOptions,
  mutePeriods,
  toBlockId,
  unmuteActionId,
} from './alert-controls.ts';
import { customerName } from './alert-lines.ts';
import { toOption } from './alert-menu.ts';
import { openInPerly } from './open-in-perly.ts';
import { plainText } from './text-objects.ts';

/** How long a customer's name may be in the question, of which Slack takes 300 characters. */
const confirmNameRoom = 80;

/** The buttons under an alert of its own; no block at all where there is nothing to press. */
export function toButtons(event: PerlyEvent, controls: AlertControls | undefined): ActionsBlock[] {
  const open = openInPerly(event);
  const elements = [...(open ? [open] : []), ...(controls ? toControls(event, controls) : [])];
  if (elements.length === 0) return [];
  return [{ type: 'actions', ...(controls && { block_id: toBlockId(controls) }), elements }];
}

function toControls(event: PerlyEvent, { acknowledged, muted }: AlertControls): ActionsBlock['elements'] {
  return [
    ...(acknowledged
      ? []
      : [{ type: 'button' as const, action_id: acknowledgeActionId, text: plainText('Acknowledge') }]),
    muted
      ? { type: 'button', action_id: unmuteActionId, text: plainText('Unmute') }
      : {
          type: 'static_select',
          action_id: muteActionId,
          placeholder: plainText('Mute customer'),
          options: mutePeriods.map((period) => toOption(`Mute ${muteOptions[period].label}`, period)),
          confirm: {
            title: plainText('Mute this customer?'),
            text: plainText(
              `No alert about ${customerName(event, confirmNameRoom)} comes to this channel until then, not even a critical one.`,
            ),
            confirm: plainText('Mute'),
            deny: plainText('Cancel'),
          },
        },
  ];
}
