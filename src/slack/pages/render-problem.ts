import { type Html, html } from '../../html.ts';
import { renderLayout } from './layout.ts';
import { type Link, toHomeLinks, toLinks } from './link.ts';
import type { Page } from './page.ts';
import { type Next, type ProblemKind, toProblemText } from './problems.ts';

/**
 * Ways onward, checked by the caller: Perly, where the same install starts again (`/slack/install`), and the App Home,
 * where its address is known.
 */
export type Ways = {
  perlyUrl: string;
  installUrl: string | undefined;
  homeUrl?: string | undefined;
  /** Where Slack removes the webhook that it made. */
  removeUrl?: string | undefined;
};

/** What went wrong; `slackError` is Slack's error code, shown only if it looks like one. */
export type Problem = { kind: ProblemKind; slackError?: string };

/** The page for what came between a person and a connected channel: what happened, and what to do next. */
export function renderProblem(problem: Problem, ways: Ways): Page {
  const {
    httpStatus,
    status = 'problem',
    statusWords = 'Not connected',
    ...said
  } = toProblemText(problem.kind);
  const { title, text, next } = said;
  const links: Record<Next, Link[]> = {
    perly: [{ label: 'Back to Perly', url: ways.perlyUrl }],
    install: toLinks('Connect a channel in Slack', ways.installUrl),
    home: toHomeLinks(ways.homeUrl),
    remove: toLinks('Remove the webhook in Slack', ways.removeUrl),
  };
  return {
    status: httpStatus,
    html: renderLayout({
      title,
      heading: html`${title}`,
      status,
      statusWords,
      body: html`<p class="lead">${text}</p>${renderSlackError(problem)}`,
      links: next.flatMap((name) => links[name]),
    }),
  };
}

function renderSlackError(problem: Problem): Html | undefined {
  if (problem.slackError === undefined || !/^[a-z_]{1,60}$/.test(problem.slackError)) return undefined;
  return html`<p class="small">Slack’s answer: <code>${problem.slackError}</code></p>`;
}
