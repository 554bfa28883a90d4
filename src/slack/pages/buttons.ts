import { type Html, html } from '../../lib/html.ts';

const schemes = ['https:', 'http:', 'slack:'];

/** A place to go to: what the link says, and where it leads. */
export type PageLink = { label: string; url: string };

/** A link; none where its address is not known. */
export function toLinks(label: string, url: string | undefined): PageLink[] {
  return url === undefined ? [] : [{ label, url }];
}

/** The App Home as a link; none where its address is not known. */
export function toHomeLinks(homeUrl: string | undefined): PageLink[] {
  return toLinks('Open Perly in Slack', homeUrl);
}

/** The links as buttons, the first one foremost. A URL that is not http, https or slack gets no link at all. */
export function renderButtons(links: readonly PageLink[]): Html {
  const buttons = links.filter(({ url }) => URL.canParse(url) && schemes.includes(new URL(url).protocol));
  if (buttons.length === 0) return html``;
  return html`<p class="buttons">${buttons.map(
    ({ label, url }) => html`<a class="button" href="${new URL(url).href}">${label}</a>`,
  )}</p>`;
}
