import type { ActionsBlock, Button, Option, Overflow } from '@slack/types';
import type { PerlyEvent } from '../domain/event.ts';
import {
  type AlertControls,
  acknowledgeActionId,
  menuActionId,
  menuOptions,
  muteActionId,
  toBlockId,
  toUndoValue,
  undoActionId,
  unmuteActionId,
} from './alert-controls.ts';
import { limits } from './block-kit/limits.ts';
import { encodeLinkUrl, plainText } from './block-kit/mrkdwn.ts';

export const changeRulesLabel = 'Change the rules';

export const linkAccountLabel = 'Link Perly account';

export const rulesHint = 'Next: choose in Perly’s Home which alerts this channel gets, and when.';

/** Link buttons send an action too; one whose id starts with `link_` only has to be acknowledged. */
const openHomeActionId = 'link_home';

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

export const openInPerlyActionId = 'open_in_perly';

function openInPerlyButton(event: PerlyEvent): Button | undefined {
  const url = encodeLinkUrl(event.customer.url);
  if (url.length > limits.url) return undefined;
  return linkButton('Open in Perly', url);
}

/** @param url from `encodeLinkUrl`, at most `limits.url` long */
export function linkButton(label: string, url: string): Button {
  return { type: 'button', action_id: openInPerlyActionId, text: plainText(label), url };
}

/**
 * Builds a menu of all actions, or the link to Perly if that is the only one.
 * @param canOpen `false` if only the title links to Perly
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
      controls.acknowledged
        ? toOption(undoLabel, toUndoValue(controls.acknowledged))
        : toOption('Acknowledge', menuOptions.acknowledge),
      controls.muted ? toOption('Unmute', menuOptions.unmute) : toOption(muteLabel, menuOptions.mute),
    ],
  };
}

function toOption(label: string, value: string): Option & { text: { type: 'plain_text' } } {
  return { text: plainText(label), value };
}

const undoLabel = 'Undo acknowledge';

const muteLabel = 'Mute customer…';

export function toButtons(event: PerlyEvent, controls: AlertControls | undefined): ActionsBlock[] {
  const open = openInPerlyButton(event);
  const elements = [...(open ? [open] : []), ...(controls ? toControls(controls) : [])];
  if (elements.length === 0) return [];
  return [{ type: 'actions', ...(controls && { block_id: toBlockId(controls) }), elements }];
}

function toControls({ acknowledged, muted }: AlertControls): ActionsBlock['elements'] {
  return [
    acknowledged
      ? {
          type: 'button',
          action_id: undoActionId,
          text: plainText(undoLabel),
          value: toUndoValue(acknowledged),
        }
      : { type: 'button', action_id: acknowledgeActionId, text: plainText('Acknowledge') },
    muted
      ? { type: 'button', action_id: unmuteActionId, text: plainText('Unmute') }
      : { type: 'button', action_id: muteActionId, text: plainText(muteLabel) },
  ];
}
