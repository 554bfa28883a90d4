import type { Button } from '@slack/types';
import type { PerlyEvent } from '../../perly/event.ts';
import { limits } from './limits.ts';
import { linkUrl } from './link.ts';
import { plainText } from './text-objects.ts';

/** What a click on a link button sends to the app besides opening the link. */
export const openInPerlyActionId = 'open_in_perly';

/** The button that leads to the customer; none where the address is longer than Slack takes. */
export function openInPerly(event: PerlyEvent): Button | undefined {
  const url = linkUrl(event.customer.url);
  if (url.length > limits.url) return undefined;
  return toLinkButton('Open in Perly', url);
}

/**
 * A button that leads to Perly.
 *
 * @param url from `linkUrl`, at most `limits.url` long
 */
export function toLinkButton(label: string, url: string): Button {
  return { type: 'button', action_id: openInPerlyActionId, text: plainText(label), url };
}
