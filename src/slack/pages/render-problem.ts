import { type Html, html } from '../../lib/html.ts';
import { type PageLink, toHomeLinks, toLinks } from './buttons.ts';
import { renderLayout } from './layout.ts';
import { type Next, type ProblemKind, toProblemText } from './problems.ts';
import type { Page } from './send-page.ts';
import type { SiteLinks } from './site-links.ts';

/**
 * Ways onward, checked by the caller: Perly, where the same install starts again (`/slack/install`), and the App Home,
 * where its address is known.
 */
export type NavigationLinks = {
  perlyUrl: string;
  installUrl: string | undefined;
  homeUrl?: string | undefined;
  /** Where Slack removes the webhook that it made. */
  removeUrl?: string | undefined;
  site: SiteLinks;
};

/** What went wrong; `slackError` is Slack's error code, shown only if it looks like one. */
export type PageProblem = { kind: ProblemKind; slackError?: string };

/** The page for what came between a person and a connected channel: what happened, and what to do next. */
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
