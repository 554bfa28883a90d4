import type { ActionsBlock, SectionBlock } from '@slack/types';
import type { PerlyEvent } from '../domain/event.ts';
import { type NamedAccount, toIsolatedLabel } from './account-name.ts';
import { toAlert } from './alert.ts';
import {
  encodeLinkUrl,
  escapeMrkdwn,
  mention,
  mrkdwn,
  mrkdwnLink,
  plainText,
  preventAutolink,
} from './block-kit/mrkdwn.ts';
import { assertValidMessage } from './block-kit/validate-message.ts';
import { changeRulesLabel, linkAccountLabel, linkButton, openHomeButton, rulesHint } from './buttons.ts';
import type { WebhookMessage } from './webhook-message.ts';

const contents =
  'Alerts about your customers appear here: customers at risk, health score drops, failed billing retries, ' +
  'expansion signals and upsell opportunities.';

const sharedWarning =
  '⚠️ This channel is shared with another organisation. Its people can read the alerts, too.';

/** @param account is `undefined` while the channel waits for one */
export function buildWelcomeMessage(options: {
  userId: string;
  perlyAppUrl: string;
  homeUrl: string | undefined;
  account: NamedAccount | undefined;
  isShared: boolean;
  isPaused?: boolean;
}): WebhookMessage {
  const { account, ...rest } = options;
  return account === undefined ? waitingMessage(rest) : linkedMessage({ ...rest, account });
}

type WelcomeOptions = Omit<Parameters<typeof buildWelcomeMessage>[0], 'account'>;

function linkedMessage(options: WelcomeOptions & { account: NamedAccount }): WebhookMessage {
  const { userId, perlyAppUrl, homeUrl, isShared, isPaused = false } = options;
  const connected = `${mention(userId)} connected this channel to Perly.`;
  const state = describeState(isPaused);
  const account = `Perly account: ${toIsolatedLabel(options.account)}`;
  return assertValidMessage({
    text: `${connected} ${state} ${escapeMrkdwn(preventAutolink(account))}`,
    blocks: [
      { type: 'section', text: mrkdwn(`${connected} *${state}*`) },
      { type: 'section', text: plainText(account) },
      { type: 'section', text: plainText(contents) },
      ...warningOf(isShared),
      {
        type: 'actions',
        elements: [
          ...openHomeButton(changeRulesLabel, homeUrl).flatMap(({ elements }) => elements),
          linkButton('Open Perly', encodeLinkUrl(perlyAppUrl)),
        ],
      },
      { type: 'context', elements: [plainText(rulesHint)] },
    ],
    unfurl_links: false,
    unfurl_media: false,
  });
}

/** Accounts are linked in App Home: a link in a channel would be for everyone in it. */
function waitingMessage({ userId, perlyAppUrl, homeUrl, isShared }: WelcomeOptions): WebhookMessage {
  return assertValidMessage({
    text: `${mention(userId)} connected this channel to Perly. It is waiting for a Perly account.`,
    blocks: [
      {
        type: 'section',
        text: mrkdwn(
          `${mention(userId)} connected this channel to Perly. *One step left:* it is waiting for a Perly account.`,
        ),
      },
      {
        type: 'section',
        text: mrkdwn(
          'Next: link your Perly account in Perly’s Home, or send your Perly admin the link that is there. ' +
            `No account yet? ${mrkdwnLink(encodeLinkUrl(perlyAppUrl), 'See Perly')}.`,
        ),
      },
      ...openHomeButton(linkAccountLabel, homeUrl),
      { type: 'section', text: plainText(contents) },
      ...warningOf(isShared),
    ],
    unfurl_links: false,
    unfurl_media: false,
  });
}

function warningOf(isShared: boolean): SectionBlock[] {
  return isShared ? [{ type: 'section', text: plainText(sharedWarning) }] : [];
}

/** A channel can be paused before it is connected again, moved or linked. */
function describeState(isPaused: boolean): string {
  return isPaused ? 'Alerts are paused.' : 'Alerts are on.';
}

export function buildLinkedMessage(
  account: NamedAccount,
  homeUrl: string | undefined,
  isPaused = false,
): WebhookMessage {
  const name = toIsolatedLabel(account);
  return toLinkMessage(
    `${describeState(isPaused)} This channel is now linked to ${name} on Perly.`,
    rulesHint,
    openHomeButton(changeRulesLabel, homeUrl),
  );
}

export function buildUnlinkedMessage(account: NamedAccount, homeUrl: string | undefined): WebhookMessage {
  return toLinkMessage(
    `Alerts are off. ${toIsolatedLabel(account)} on Perly is no longer linked to this workspace.`,
    'The rules of this channel are kept.',
    openHomeButton(linkAccountLabel, homeUrl),
  );
}

function toLinkMessage(lead: string, next: string, buttons: ActionsBlock[]): WebhookMessage {
  return assertValidMessage({
    text: escapeMrkdwn(preventAutolink(lead)),
    mrkdwn: false,
    blocks: [
      { type: 'section', text: plainText(lead) },
      { type: 'context', elements: [plainText(next)] },
      ...buttons,
    ],
    unfurl_links: false,
    unfurl_media: false,
  });
}

export function buildTestAlert(perlyAppUrl: string, now: Date): WebhookMessage {
  const event: PerlyEvent = {
    id: 'test',
    type: 'customer_at_risk',
    account_id: 'test',
    occurred_at: now.toISOString(),
    customer: { id: 'test', name: 'Example Inc. (test alert)', url: perlyAppUrl },
    risk_level: 'medium',
    health_score: { current: 54, change: -12 },
    signals: ['this is a test', 'there is no such customer', 'alerts about your customers look like this'],
    suggested_action: 'Nothing to do: alerts reach this channel',
  };
  return assertValidMessage({ attachments: [toAlert(event)], unfurl_links: false, unfurl_media: false });
}
