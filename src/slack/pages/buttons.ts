import { type Html, html } from '../../lib/html.ts';

const schemes = ['https:', 'http:', 'slack:'];

export type PageLink = { label: string; url: string };

export function toLinks(label: string, url: string | undefined): PageLink[] {
  return url === undefined ? [] : [{ label, url }];
}

export function toHomeLinks(homeUrl: string | undefined): PageLink[] {
  return toLinks('Open Perly in Slack', homeUrl);
}

/** The primary one first. Skips URLs other than http, https and slack. */
export function renderButtons(links: readonly PageLink[]): Html {
  const buttons = links.filter(({ url }) => URL.canParse(url) && schemes.includes(new URL(url).protocol));
  if (buttons.length === 0) return html``;
  return html`<p class="buttons">${buttons.map(
    ({ label, url }) => html`<a class="button" href="${new URL(url).href}">${label}</a>`,
  )}</p>`;
}
