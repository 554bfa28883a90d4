import { type NamedAccount, toIsolatedLabel } from './account-name.ts';
import { escapeText } from './escape-text.ts';
import { assertFits } from './fits.ts';
import { changeRules, linkAccount, rulesHint } from './home-words.ts';
import { link, linkUrl } from './link.ts';
import { mention } from './mention.ts';
import { openHome } from './open-home.ts';
import { toLinkButton } from './open-in-perly.ts';
import { mrkdwn, plainText } from './text-objects.ts';
import { toLiteral } from './to-literal.ts';
import type { WebhookMessage } from './webhook-message.ts';

const contents =
  'Alerts about your customers appear here: customers at risk, health score drops, billing retries that failed, ' +
  'expansion signals and upsell opportunities.';

/**
 * The first message in a channel: who connected it, what it will show, where to change that.
 *
 * @param userId Slack's id of who connected the channel; what is not one is not mentioned
 * @param perlyAppUrl an https URL, `PERLY_APP_URL`
 * @param homeUrl the App Home, where its address is known
 * @param account the account that the channel serves; `undefined` while it waits for one
 */
export function buildWelcomeMessage(options: {
  userId: string;
  perlyAppUrl: string;
  homeUrl: string | undefined;
  account: NamedAccount | undefined;
}): WebhookMessage {
  const { account, ...rest } = options;
  return account === undefined ? waitingMessage(rest) : linkedMessage({ ...rest, account });
}

type Options = Omit<Parameters<typeof buildWelcomeMessage>[0], 'account'>;

function linkedMessage(options: Options & { account: NamedAccount }): WebhookMessage {
  const { userId, perlyAppUrl, homeUrl } = options;
  const account = `Perly account: ${toIsolatedLabel(options.account)}`;
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
        elements: [
          ...openHome(changeRules, homeUrl).flatMap(({ elements }) => elements),
          toLinkButton('Open Perly', linkUrl(perlyAppUrl)),
        ],
      },
      { type: 'context', elements: [plainText(rulesHint)] },
    ],
    unfurl_links: false,
    unfurl_media: false,
  });
}

/** The account is linked in the Home tab: a link in a channel would be for everyone in it. */
function waitingMessage({ userId, perlyAppUrl, homeUrl }: Options): WebhookMessage {
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
          'Link your Perly account in Perly’s Home, and alerts start at once. ' +
            `No account yet? ${link(linkUrl(perlyAppUrl), 'See Perly')}.`,
        ),
      },
      ...openHome(linkAccount, homeUrl),
      { type: 'section', text: plainText(contents) },
    ],
    unfurl_links: false,
    unfurl_media: false,
  });
}
