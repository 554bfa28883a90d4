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
import { encodeLinkUrl, plainText } from './block-kit/mrkdwn.ts';

/** The buttons of messages that lead to the App Home. */
export const changeRulesLabel = 'Change the rules';

export const linkAccountLabel = 'Link Perly account';

/** What Home is for. */
export const rulesHint = 'Next: choose in Perly’s Home which alerts this channel gets, and when.';

/** A click on a link button is an action too; those that begin with `link_` only have to be acknowledged. */
const openHomeActionId = 'link_home';

/** A button that opens the App Home, in a block of its own; nothing where its address is not known. */
export function openHomeButton(label: string, homeUrl: string | undefined): ActionsBlock[] {
  if (homeUrl === undefined) return [];
  return [
    {
      type: 'actions',
      elements: [
        { type: 'button', action_id: openHomeActionId, text: plainText(label), url: encodeLinkUrl(homeUrl) },
      ],
    },
  ];
}

/** What a click on a link button sends to the app besides opening the link. */
export const openInPerlyActionId = 'open_in_perly';

/** The button that leads to the customer; none where the address is longer than Slack takes. */
function openInPerlyButton(event: PerlyEvent): Button | undefined {
  const url = encodeLinkUrl(event.customer.url);
  if (url.length > limits.url) return undefined;
  return linkButton('Open in Perly', url);
}

/**
 * A button that leads to Perly.
 *
 * @param url from `encodeLinkUrl`, at most `limits.url` long
 */
export function linkButton(label: string, url: string): Button {
  return { type: 'button', action_id: openInPerlyActionId, text: plainText(label), url };
}

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
