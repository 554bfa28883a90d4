import type { ActionsBlock } from '@slack/types';
import type { PerlyEvent } from '../../perly/event.ts';
import {
  type AlertControls,
  acknowledgeActionId,
  muteActionId,
  muteOptions,
  mutePeriods,
  toBlockId,
} from './alert-controls.ts';
import { toOption } from './alert-menu.ts';
import { openInPerly } from './open-in-perly.ts';
import { plainText } from './text-objects.ts';

/** The buttons under an alert of its own; no block at all where there is nothing to press. */
export function toButtons(event: PerlyEvent, controls: AlertControls | undefined): ActionsBlock[] {
  const open = openInPerly(event);
  const elements = [...(open ? [open] : []), ...(controls ? toControls(controls) : [])];
  if (elements.length === 0) return [];
  return [{ type: 'actions', ...(controls && { block_id: toBlockId(controls) }), elements }];
}

function toControls({ acknowledged }: AlertControls): ActionsBlock['elements'] {
  return [
    ...(acknowledged
      ? []
      : [{ type: 'button' as const, action_id: acknowledgeActionId, text: plainText('Acknowledge') }]),
    {
      type: 'static_select',
      action_id: muteActionId,
      placeholder: plainText('Mute customer'),
      options: mutePeriods.map((period) => toOption(`Mute ${muteOptions[period].label}`, period)),
    },
  ];
}
