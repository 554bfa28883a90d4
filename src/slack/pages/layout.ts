import { type Html, html } from '../../lib/html.ts';
import { renderFooter, type SiteLinks } from './site-links.ts';
import { stylesheet } from './stylesheet.ts';

const logoShapes = html`
<defs>
<radialGradient id="sphere" cx="36%" cy="30%" r="72%">
<stop offset="0" stop-color="#FFFFFF"/><stop offset=".32" stop-color="#F6EFF3"/><stop offset=".62" stop-color="#D9CFE3"/><stop offset=".86" stop-color="#A9B4D0"/><stop offset="1" stop-color="#8C9AC0"/>
</radialGradient>
<radialGradient id="glow" cx="68%" cy="78%" r="42%">
<stop offset="0" stop-color="#FFE3D3" stop-opacity=".85"/><stop offset="1" stop-color="#FFE3D3" stop-opacity="0"/>
</radialGradient>
</defs>
<circle cx="16" cy="16" r="14" fill="url(#sphere)"/>
<circle cx="16" cy="16" r="14" fill="url(#glow)"/>
<ellipse cx="11.4" cy="9.8" rx="3.6" ry="2.3" fill="#FFFFFF" transform="rotate(-34 11.4 9.8)"/>`;

/** The logo is hidden from screen readers, since the name stands beside it. */
const logo = html`<svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">${logoShapes}
</svg>`;

/** An icon within the page saves a request for /favicon.ico. */
export const logoIconUrl = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${logoShapes}</svg>`,
)}`;

/** Each status has its own shape and text, so that colour is never the only sign. */
export type Status = 'done' | 'waiting' | 'unchanged' | 'problem';

const statusShapes: Record<Status, Html> = {
  done: html`<circle cx="10" cy="10" r="8.25"/><path d="m6.4 10.3 2.5 2.5 4.8-5.3"/>`,
  waiting: html`<circle cx="10" cy="10" r="8.25"/><path d="M10 5.4V10l3 2"/>`,
  unchanged: html`<circle cx="10" cy="10" r="8.25"/><path d="M6.4 10h7.2"/>`,
  problem: html`<path d="M10 2.4 18.3 17H1.7Z"/><path d="M10 8v3.8M10 14.3v.1"/>`,
};

function renderStatusLine(status: Status, words: string): Html {
  return html`<p class="status ${status}"><svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">${statusShapes[status]}</svg>${words}</p>`;
}

/** `title` is plain text for the browser's tab; `heading` is the same with markup. */
export type LayoutContent = {
  title: string;
  status: Status;
  statusLabel: string;
  heading: Html;
  body: Html;
  links: readonly PageLink[];
  more?: Html | undefined;
  site: SiteLinks;
};

export function renderLayout({
  title,
  status,
  statusLabel,
  heading,
  body,
  links,
  more,
  site,
}: LayoutContent): string {
  const main = html`${renderStatusLine(status, statusLabel)}
<h1>${heading}</h1>
${body}
${renderButtons(links)}${more}`;
  return renderDocument({ title, main, site, meta: html`<meta name="robots" content="noindex"/>` });
}

/** The document has no script, loads nothing from elsewhere, and has one inline stylesheet. */
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

const schemes = ['https:', 'http:', 'slack:'];

export type PageLink = { label: string; url: string };

export function toLinks(label: string, url: string | undefined): PageLink[] {
  return url === undefined ? [] : [{ label, url }];
}

export function toHomeLinks(homeUrl: string | undefined): PageLink[] {
  return toLinks('Open Perly in Slack', homeUrl);
}

/** The first button is the primary one. Skips URLs other than http, https and slack. */
export function renderButtons(links: readonly PageLink[]): Html {
  const buttons = links.filter(({ url }) => URL.canParse(url) && schemes.includes(new URL(url).protocol));
  if (buttons.length === 0) return html``;
  return html`<p class="buttons">${buttons.map(
    ({ label, url }) => html`<a class="button" href="${new URL(url).href}">${label}</a>`,
  )}</p>`;
}
