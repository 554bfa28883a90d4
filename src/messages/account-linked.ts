import type { ActionsBlock } from '@slack/types';
import { type NamedAccount, toIsolatedLabel } from './account-name.ts';
import { escapeMrkdwn, preventAutolink } from './block-kit/mrkdwn.ts';
import { plainText } from './block-kit/objects.ts';
import { assertValidMessage } from './block-kit/validate-message.ts';
import { changeRulesLabel, linkAccountLabel, openHomeButton, rulesHint } from './link-buttons.ts';
import type { WebhookMessage } from './webhook-message.ts';

/** Says in a channel that waited for an account that it has one now. */
export function buildLinkedMessage(account: NamedAccount, homeUrl: string | undefined): WebhookMessage {
  const name = toIsolatedLabel(account);
  return toMessage(
    `Alerts are on. This channel is linked to ${name} in Perly now.`,
    rulesHint,
    openHomeButton(changeRulesLabel, homeUrl),
  );
}

/** Says in a channel that its account is not linked to the workspace any more. */
export function buildUnlinkedMessage(account: NamedAccount, homeUrl: string | undefined): WebhookMessage {
  return toMessage(
    `Alerts are off. ${toIsolatedLabel(account)} in Perly is no longer linked to this workspace.`,
    'The rules of this channel are kept.',
    openHomeButton(linkAccountLabel, homeUrl),
  );
}

function toMessage(said: string, next: string, buttons: ActionsBlock[]): WebhookMessage {
  return assertValidMessage({
    text: escapeMrkdwn(preventAutolink(said)),
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
