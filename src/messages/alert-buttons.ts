import type { ActionsBlock, Button, Option, Overflow } from '@slack/types';
import type { PerlyEvent } from '../domain/event.ts';
import {
  type AlertControls,
  acknowledgeActionId,
  menuActionId,
  menuOptions,
  muteActionId,
  muteOptions,
  mutePeriods,
  toBlockId,
  unmuteActionId,
} from './alert-controls.ts';
import { customerName } from './alert-lines.ts';
import { limits } from './block-kit/limits.ts';
import { encodeLinkUrl } from './block-kit/mrkdwn.ts';
import { plainText } from './block-kit/objects.ts';
import { openInPerlyButton } from './link-buttons.ts';

/**
 * What stands beside an alert or an entry of two blocks, where there is room for one element only: a menu of all that
 * can be done with it, or the way to Perly where that is all. None where that address is longer than Slack takes.
 *
 * @param canOpen `false` where the way to Perly is to be the title's link alone
 */
export function toAccessory(
  event: PerlyEvent,
  controls: AlertControls | undefined,
  canOpen: boolean,
): Button | Overflow | undefined {
  if (controls === undefined) return openInPerlyButton(event);
  const url = encodeLinkUrl(event.customer.url);
  return {
    type: 'overflow',
    action_id: menuActionId,
    options: [
      ...(canOpen && url.length <= limits.optionUrl
        ? [{ ...toOption('Open in Perly', menuOptions.open), url }]
        : []),
      ...(controls.acknowledged ? [] : [toOption('Acknowledge', menuOptions.acknowledge)]),
      controls.muted ? toOption('Unmute', menuOptions.unmute) : toOption('Mute customer…', menuOptions.mute),
    ],
  };
}

/** A choice in a menu. */
export function toOption(label: string, value: string): Option & { text: { type: 'plain_text' } } {
  return { text: plainText(label), value };
}

/** How long a customer's name may be in the question, of which Slack takes 300 characters. */
const maxConfirmNameLength = 80;

/** The buttons under an alert of its own; no block at all where there is nothing to press. */
export function toButtons(event: PerlyEvent, controls: AlertControls | undefined): ActionsBlock[] {
  const open = openInPerlyButton(event);
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
              `No alert about ${customerName(event, maxConfirmNameLength)} comes to this channel until then, not even a critical one.`,
            ),
            confirm: plainText('Mute'),
            deny: plainText('Cancel'),
          },
        },
  ];
}
