import { type Html, html } from '../../lib/html.ts';
import { type PageLink, renderLayout, toHomeLinks, toLinks } from './layout.ts';
import { type Next, type ProblemKind, toProblemText } from './problems.ts';
import type { Page } from './send-page.ts';
import type { SiteLinks } from './site-links.ts';

/** The caller checks these URLs; App Home is given only if it is known. */
export type NavigationLinks = {
  perlyUrl: string;
  installUrl: string | undefined;
  homeUrl?: string | undefined;
  removeUrl?: string | undefined;
  site: SiteLinks;
};

/** `slackError` is shown only if it looks like one of Slack's error codes. */
export type PageProblem = { kind: ProblemKind; slackError?: string };

export function renderProblem(problem: PageProblem, navigation: NavigationLinks): Page {
  const {
    httpStatus,
    status = 'problem',
    statusLabel = 'Not connected',
    ...said
  } = toProblemText(problem.kind);
  const { title, text, next } = said;
  const links: Record<Next, PageLink[]> = {
    perly: [{ label: 'Back to Perly', url: navigation.perlyUrl }],
    install: toLinks('Connect a channel in Slack', navigation.installUrl),
    home: toHomeLinks(navigation.homeUrl),
    remove: toLinks('Remove the webhook in Slack', navigation.removeUrl),
  };
  return {
    status: httpStatus,
    html: renderLayout({
      title,
      heading: html`${title}`,
      status,
      statusLabel,
      body: html`<p class="lead">${text}</p>${renderSlackError(problem)}`,
      links: next.flatMap((name) => links[name]),
      site: navigation.site,
    }),
  };
}

function renderSlackError(problem: PageProblem): Html | undefined {
  if (problem.slackError === undefined || !/^[a-z_]{1,60}$/.test(problem.slackError)) return undefined;
  return html`<p class="small">Slack’s answer: <code>${problem.slackError}</code></p>`;
}
