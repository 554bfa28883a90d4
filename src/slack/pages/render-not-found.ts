import { html } from '../../html.ts';
import { renderLayout } from './layout.ts';
import { toLinks } from './link.ts';
import type { Page } from './page.ts';
import type { Ways } from './render-problem.ts';

/** The page for an address that leads nowhere. */
export function renderNotFound({ perlyUrl, installUrl }: Ways): Page {
  const title = 'There is no page here';
  return {
    status: 404,
    html: renderLayout({
      title,
      heading: html`${title}`,
      status: 'problem',
      statusWords: 'Not found',
      body: html`<p class="lead">The address may be mistyped or out of date. To connect Slack, start from Perly.</p>`,
      links: [
        { label: 'Back to Perly', url: perlyUrl },
        ...toLinks('Connect a channel in Slack', installUrl),
      ],
    }),
  };
}
