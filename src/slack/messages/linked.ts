import { clean } from './clean.ts';
import { cut } from './cut.ts';
import { neutralise } from './escape-text.ts';
import { assertFits } from './fits.ts';
import { plainText } from './text-objects.ts';
import { toLiteral } from './to-literal.ts';
import type { WebhookMessage } from './webhook-message.ts';

/** How much of an account's name is shown, as `cut` measures. */
const longestName = 80;

const settings =
  'To choose which alerts this channel gets, and when, open Perly under Apps in the sidebar and go to its Home tab.';

/** Says in a channel that waited for an account that it has one now. @param accountName as Perly gave it, if it did */
export function buildLinkedMessage(accountName: string | null): WebhookMessage {
  return toMessage(`Alerts are on. This channel is linked to ${toWhom(accountName)} now.`, settings);
}

/** Says in a channel that its account is not linked to the workspace any more. */
export function buildUnlinkedMessage(accountName: string | null): WebhookMessage {
  return toMessage(
    `Alerts are off. ${accountName === null ? 'The Perly account' : toWhom(accountName)} is no longer linked to this workspace.`,
    'The rules of this channel are kept. To link an account, open Perly under Apps in the sidebar and go to its Home tab.',
  );
}

function toMessage(said: string, next: string): WebhookMessage {
  return assertFits({
    text: toLiteral(said),
    blocks: [
      { type: 'section', text: plainText(said) },
      { type: 'context', elements: [plainText(next)] },
    ],
    unfurl_links: false,
    unfurl_media: false,
  });
}

function toWhom(accountName: string | null): string {
  const name = cut(neutralise(clean(accountName ?? '')), longestName);
  return name === '' ? 'a Perly account' : `${name} in Perly`;
}
