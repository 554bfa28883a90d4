import { type ProblemKind, problems } from '../../../src/slack/pages/problems.ts';
import { renderConfirmInSlack } from '../../../src/slack/pages/render-confirm-in-slack.ts';
import { type Connected, renderConnected } from '../../../src/slack/pages/render-connected.ts';
import { renderConsent } from '../../../src/slack/pages/render-consent.ts';
import { renderLinked } from '../../../src/slack/pages/render-linked.ts';
import { renderNotFound } from '../../../src/slack/pages/render-not-found.ts';
import {
  type NavigationLinks,
  type PageProblem,
  renderProblem,
} from '../../../src/slack/pages/render-problem.ts';
import type { Page } from '../../../src/slack/pages/send-page.ts';
import { toSiteLinks } from '../../../src/slack/pages/site-links.ts';

const site = toSiteLinks('https://slack.perly.ai');

const homeUrl = 'https://slack.com/app_redirect?app=A1&team=T1';

export const navigation: NavigationLinks = {
  perlyUrl: 'https://app.perly.ai/',
  installUrl: 'https://slack.perly.ai/slack/install',
  homeUrl,
  site,
};

export const connected: Connected = {
  channelName: '#customer-health',
  teamName: 'Northwind',
  accountName: 'Acme Inc.',
  perlyUrl: 'https://app.perly.ai/back?from=slack&x=1',
  slackUrl: 'https://slack.com/app_redirect?team=T1&channel=C1',
  homeUrl: 'https://slack.com/app_redirect?app=A1&team=T1',
  welcomed: true,
  site,
};

export const problemKinds = Object.keys(problems).filter((kind): kind is ProblemKind => kind in problems);

function toProblem(kind: ProblemKind): PageProblem {
  return kind === 'slack_refused' ? { kind, slackError: 'bad_client_secret' } : { kind };
}

/** Every page that there is, by name; `change` goes into all that the pages are told. */
export function everyPage(change: Partial<Connected & NavigationLinks> = {}): [name: string, page: Page][] {
  const told = { ...connected, ...navigation, homeUrl, ...change };
  return [
    [
      'before Slack',
      renderConsent({
        ...told,
        accountId: told.channelName,
        accountName: told.teamName,
        authorizeUrl: told.slackUrl,
      }),
    ],
    ['connected', renderConnected(told)],
    ['connected without a first message', renderConnected({ ...told, welcomed: false })],
    ['reconnected', renderConnected({ ...told, reconnected: true })],
    ['waiting', renderConnected({ ...told, accountName: undefined })],
    [
      'waiting, with a link',
      renderConnected({
        linkUrl: navigation.perlyUrl,
        sentUrl: navigation.perlyUrl,
        ...told,
        accountName: undefined,
      }),
    ],
    ['reconnected and waiting', renderConnected({ ...told, accountName: undefined, reconnected: true })],
    ['reconnected and shared', renderConnected({ ...told, reconnected: true, shared: true })],
    ['moved', renderConnected({ ...told, moved: true })],
    ['linked', renderLinked({ ...told, accountName: told.teamName, channelNames: [told.channelName] })],
    [
      'to be confirmed in Slack',
      renderConfirmInSlack({ ...told, accountName: told.teamName, isSentOn: false }),
    ],
    [
      'to be confirmed by who sent the link',
      renderConfirmInSlack({ ...told, accountName: told.teamName, isSentOn: true }),
    ],
    ['linked already', renderLinked({ ...told, accountName: '', channelNames: undefined })],
    ...problemKinds.map((kind): [string, Page] => [
      kind,
      renderProblem(toProblem(kind), { ...navigation, ...change }),
    ]),
    ['not found', renderNotFound({ ...navigation, ...change })],
  ];
}
