import type { Button, Option, Overflow } from '@slack/types';
import type { PerlyEvent } from '../../perly/event.ts';
import { type AlertControls, menuActionId, menuOptions } from './alert-controls.ts';
import { limits } from './limits.ts';
import { linkUrl } from './link.ts';
import { openInPerly } from './open-in-perly.ts';
import { plainText } from './text-objects.ts';

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
  if (controls === undefined) return openInPerly(event);
  const url = linkUrl(event.customer.url);
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
