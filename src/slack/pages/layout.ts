import { type Html, html } from '../../lib/html.ts';
import { type PageLink, renderButtons } from './buttons.ts';
import { logo, logoIconUrl } from './logo.ts';
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
};

/** The document around a page's content: no script, nothing loaded from elsewhere, one stylesheet inside. */
export function renderLayout({ title, status, statusLabel, heading, body, links }: LayoutContent): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<meta name="robots" content="noindex"/>
<title>${title} – Perly for Slack</title>
<link rel="icon" href="${logoIconUrl}"/>
<style>${stylesheet}</style>
</head>
<body>
<header>${logo}<span>Perly for Slack</span></header>
<main>
${renderStatusLine(status, statusLabel)}
<h1>${heading}</h1>
${body}
${renderButtons(links)}
</main>
<footer><p>Perly only posts alerts to the channels that you pick. It cannot read your messages.</p></footer>
</body>
</html>
`.toString();
}
