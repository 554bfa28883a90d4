import { type Html, html } from '../../lib/html.ts';
import { type PageLink, renderButtons } from './buttons.ts';
import { logo, logoIconUrl } from './logo.ts';
import { renderFooter, type SiteLinks } from './site-links.ts';
import { renderStatusLine, type Status } from './status-line.ts';
import { stylesheet } from './stylesheet.ts';

/** What differs from page to page. `title` is plain text, for the browser's tab; `heading` is the same with markup. */
export type LayoutContent = {
  title: string;
  status: Status;
  statusLabel: string;
  heading: Html;
  body: Html;
  links: readonly PageLink[];
  site: SiteLinks;
};

/** A page of a flow: how things stand, what that means, and where to go next. */
export function renderLayout({
  title,
  status,
  statusLabel,
  heading,
  body,
  links,
  site,
}: LayoutContent): string {
  const main = html`${renderStatusLine(status, statusLabel)}
<h1>${heading}</h1>
${body}
${renderButtons(links)}`;
  return renderDocument({ title, main, site, meta: html`<meta name="robots" content="noindex"/>` });
}

/** The document around a page's content: no script, nothing loaded from elsewhere, one stylesheet inside. */
export function renderDocument(page: {
  title: string;
  main: Html;
  site: SiteLinks;
  meta: Html;
  className?: string;
}): string {
  const { title, main, site, meta, className = 'flow' } = page;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
${meta}
<title>${title} – Perly for Slack</title>
<link rel="icon" href="${logoIconUrl}"/>
<style>${stylesheet}</style>
</head>
<body class="${className}">
<header>${logo}<span>Perly for Slack</span></header>
<main>
${main}
</main>
${renderFooter(site)}
</body>
</html>
`.toString();
}
