import type { ActionsBlock } from '@slack/types';
import { type NamedAccount, toIsolatedLabel } from './account-name.ts';
import { escapeText } from './escape-text.ts';
import { assertFits } from './fits.ts';
import { changeRules, linkAccount, rulesHint } from './home-words.ts';
import { openHome } from './open-home.ts';
import { plainText } from './text-objects.ts';
import { toLiteral } from './to-literal.ts';
import type { WebhookMessage } from './webhook-message.ts';

/** Says in a channel that waited for an account that it has one now. */
export function buildLinkedMessage(account: NamedAccount, homeUrl: string | undefined): WebhookMessage {
  const name = toIsolatedLabel(account);
  return toMessage(
    `Alerts are on. This channel is linked to ${name} in Perly now.`,
    rulesHint,
    openHome(changeRules, homeUrl),
  );
}

/** Says in a channel that its account is not linked to the workspace any more. */
export function buildUnlinkedMessage(account: NamedAccount, homeUrl: string | undefined): WebhookMessage {
  return toMessage(
    `Alerts are off. ${toIsolatedLabel(account)} in Perly is no longer linked to this workspace.`,
    'The rules of this channel are kept.',
    openHome(linkAccount, homeUrl),
  );
}

function toMessage(said: string, next: string, buttons: ActionsBlock[]): WebhookMessage {
  return assertFits({
    text: escapeText(toLiteral(said)),
    mrkdwn: false,
    blocks: [
      { type: 'section', text: plainText(said) },
      { type: 'context', elements: [plainText(next)] },
      ...buttons,
    ],
    unfurl_links: false,
    unfurl_media: false,
  });
}
