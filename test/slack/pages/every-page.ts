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

const noNames = { on: [], paused: [], broken: [] };

export const problemKinds = Object.keys(problems).filter((kind): kind is ProblemKind => kind in problems);

function toProblem(kind: ProblemKind): PageProblem {
  return kind === 'slack_refused' ? { kind, slackError: 'bad_client_secret' } : { kind };
}

/** Every page of the app, by name. @param change replaces fields of the pages' input */
export function everyPage(change: Partial<Connected & NavigationLinks> = {}): [name: string, page: Page][] {
  const content = { ...connected, ...navigation, homeUrl, ...change };
  return [
    [
      'before Slack',
      renderConsent({
        ...content,
        accountId: content.channelName,
        accountName: content.teamName,
        authorizeUrl: content.slackUrl,
      }),
    ],
    ['connected', renderConnected(content)],
    ['connected without a first message', renderConnected({ ...content, welcomed: false })],
    [
      'connected without Slack’s consent',
      renderConnected({ ...content, welcomed: false, refusal: 'The channel was archived.' }),
    ],
    ['reconnected', renderConnected({ ...content, reconnected: true })],
    ['waiting', renderConnected({ ...content, accountName: undefined })],
    [
      'waiting, with a link',
      renderConnected({
        linkUrl: navigation.perlyUrl,
        sentUrl: navigation.perlyUrl,
        ...content,
        accountName: undefined,
      }),
    ],
    ['reconnected and waiting', renderConnected({ ...content, accountName: undefined, reconnected: true })],
    ['reconnected and shared', renderConnected({ ...content, reconnected: true, shared: true })],
    ['moved', renderConnected({ ...content, moved: true })],
    [
      'linked',
      renderLinked({
        ...content,
        accountName: content.teamName,
        names: { ...noNames, on: [content.channelName] },
      }),
    ],
    [
      'linked and paused',
      renderLinked({
        ...content,
        accountName: content.teamName,
        names: { ...noNames, paused: [content.channelName] },
      }),
    ],
    [
      'linked, but refused by Slack',
      renderLinked({
        ...content,
        accountName: content.teamName,
        names: { ...noNames, broken: [content.channelName] },
      }),
    ],
    [
      'to be confirmed in Slack',
      renderConfirmInSlack({ ...content, accountName: content.teamName, isForwarded: false }),
    ],
    [
      'to be confirmed by who sent the link',
      renderConfirmInSlack({ ...content, accountName: content.teamName, isForwarded: true }),
    ],
    ['linked already', renderLinked({ ...content, accountName: '', names: undefined })],
    ...problemKinds.map((kind): [string, Page] => [
      kind,
      renderProblem(toProblem(kind), { ...navigation, ...change }),
    ]),
    ['not found', renderNotFound({ ...navigation, ...change })],
  ];
}
