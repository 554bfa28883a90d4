import { type NamedAccount, toAccountLabel } from './account-name.ts';
import { escapeText } from './escape-text.ts';
import { assertFits } from './fits.ts';
import { isolate } from './isolate.ts';
import { plainText } from './text-objects.ts';
import { toLiteral } from './to-literal.ts';
import type { WebhookMessage } from './webhook-message.ts';

const settings =
  'To choose which alerts this channel gets, and when, open Perly under Apps in the sidebar and go to its Home tab.';

/** Says in a channel that waited for an account that it has one now. */
export function buildLinkedMessage(account: NamedAccount): WebhookMessage {
  const name = isolate(toAccountLabel(account));
  return toMessage(`Alerts are on. This channel is linked to ${name} in Perly now.`, settings);
}

/** Says in a channel that its account is not linked to the workspace any more. */
export function buildUnlinkedMessage(account: NamedAccount): WebhookMessage {
  return toMessage(
    `Alerts are off. ${isolate(toAccountLabel(account))} in Perly is no longer linked to this workspace.`,
    'The rules of this channel are kept. To link an account, open Perly under Apps in the sidebar and go to its Home tab.',
  );
}

function toMessage(said: string, next: string): WebhookMessage {
  return assertFits({
    text: escapeText(toLiteral(said)),
    mrkdwn: false,
    blocks: [
      { type: 'section', text: plainText(said) },
      { type: 'context', elements: [plainText(next)] },
    ],
    unfurl_links: false,
    unfurl_media: false,
  });
}
