import type { ActionsBlock } from '@slack/types';
import { linkUrl } from './link.ts';
import { plainText } from './text-objects.ts';

/** A click on a link button is an action too; those that begin with `link_` only have to be acknowledged. */
const openHomeActionId = 'link_home';

/** A button that opens the App Home, in a block of its own; nothing where its address is not known. */
export function openHome(label: string, homeUrl: string | undefined): ActionsBlock[] {
  if (homeUrl === undefined) return [];
  return [
    {
      type: 'actions',
      elements: [
        { type: 'button', action_id: openHomeActionId, text: plainText(label), url: linkUrl(homeUrl) },
      ],
    },
  ];
}
