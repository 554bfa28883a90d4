import { type NamedAccount, toAccountLabel } from './account-name.ts';
import { escapeText } from './escape-text.ts';
import { assertFits } from './fits.ts';
import { isolate } from './isolate.ts';
import { link, linkUrl } from './link.ts';
import { mention } from './mention.ts';
import { toLinkButton } from './open-in-perly.ts';
import { mrkdwn, plainText } from './text-objects.ts';
import { toLiteral } from './to-literal.ts';
import type { WebhookMessage } from './webhook-message.ts';

const contents =
  'Alerts about your customers appear here: customers at risk, health score drops, billing retries that failed, ' +
  'expansion signals and upsell opportunities.';

const settings =
  'To choose which alerts this channel gets, and when, open *Perly* under Apps in the sidebar and go to its *Home* tab.';

/**
 * The first message in a channel: who connected it, what it will show, where to change that.
 *
 * @param userId Slack's id of who connected the channel; what is not one is not mentioned
 * @param perlyAppUrl an https URL, `PERLY_APP_URL`
 * @param account the account that the channel serves; `undefined` while it waits for one
 */
export function buildWelcomeMessage(options: {
  userId: string;
  perlyAppUrl: string;
  account: NamedAccount | undefined;
}): WebhookMessage {
  const { account, ...rest } = options;
  return account === undefined ? waitingMessage(rest) : linkedMessage({ ...rest, account });
}

function linkedMessage(options: {
  userId: string;
  perlyAppUrl: string;
  account: NamedAccount;
}): WebhookMessage {
  const { userId, perlyAppUrl } = options;
  const account = `Perly account: ${isolate(toAccountLabel(options.account))}`;
  return assertFits({
    text: `${mention(userId)} connected this channel to Perly. Alerts are on. ${escapeText(toLiteral(account))}`,
    blocks: [
      {
        type: 'section',
        text: mrkdwn(`${mention(userId)} connected this channel to Perly. *Alerts are on.*`),
      },
      { type: 'section', text: plainText(account) },
      { type: 'section', text: plainText(contents) },
      {
        type: 'actions',
        elements: [toLinkButton('Open Perly', linkUrl(perlyAppUrl))],
      },
      { type: 'context', elements: [mrkdwn(settings)] },
    ],
    unfurl_links: false,
    unfurl_media: false,
  });
}

/** No button here: the one way on is the Home tab, whose link carries the workspace. */
function waitingMessage({ userId, perlyAppUrl }: { userId: string; perlyAppUrl: string }): WebhookMessage {
  return assertFits({
    text: `${mention(userId)} connected this channel to Perly. It waits for a Perly account.`,
    blocks: [
      {
        type: 'section',
        text: mrkdwn(
          `${mention(userId)} connected this channel to Perly. *One step is left:* it waits for a Perly account.`,
        ),
      },
      {
        type: 'section',
        text: mrkdwn(
          'Open *Perly* under Apps in the sidebar, go to its *Home* tab and link your Perly account. Alerts start at once. ' +
            `No account yet? ${link(linkUrl(perlyAppUrl), 'See Perly')}.`,
        ),
      },
      { type: 'section', text: plainText(contents) },
    ],
    unfurl_links: false,
    unfurl_media: false,
  });
}
