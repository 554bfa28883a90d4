import type { ActionsBlock, Button } from '@slack/types';
import type { PerlyEvent } from '../domain/event.ts';
import { limits } from './block-kit/limits.ts';
import { encodeLinkUrl } from './block-kit/mrkdwn.ts';
import { plainText } from './block-kit/objects.ts';

/** The buttons of messages that lead to the App Home. */
export const changeRulesLabel = 'Change the rules';

export const linkAccountLabel = 'Link Perly account';

/** What Home is for. */
export const rulesHint = 'In Perly’s Home you choose which alerts this channel gets, and when.';

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
export function openInPerlyButton(event: PerlyEvent): Button | undefined {
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
