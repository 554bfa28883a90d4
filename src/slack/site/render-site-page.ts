import { type Html, html } from '../../lib/html.ts';
import { renderDocument } from '../pages/layout.ts';
import type { Page } from '../pages/send-page.ts';
import type { SiteLinks } from '../pages/site-links.ts';

/** Search engines may show this page. */
export function renderSitePage(page: {
  title: string;
  description: string;
  body: Html;
  site: SiteLinks;
}): Page {
  const { title, description, body, site } = page;
  return {
    status: 200,
    html: renderDocument({
      title,
      meta: html`<meta name="description" content="${description}"/>`,
      main: html`<h1>${title}</h1>
${body}`,
      site,
      className: 'site',
    }),
  };
}

export function renderEmail(address: string): Html {
  return html`<a href="mailto:${address}">${address}</a>`;
}
