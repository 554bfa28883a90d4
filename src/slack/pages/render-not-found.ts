import { html } from '../../lib/html.ts';
import { renderLayout, toLinks } from './layout.ts';
import type { NavigationLinks } from './render-problem.ts';
import type { Page } from './send-page.ts';

export function renderNotFound({ perlyUrl, installUrl, site }: NavigationLinks): Page {
  const title = 'There is no page here';
  return {
    status: 404,
    html: renderLayout({
      title,
      heading: html`${title}`,
      status: 'problem',
      statusLabel: 'Not found',
      body: html`<p class="lead">The address may be mistyped or out of date. To connect Slack, start from Perly.</p>`,
      links: [
        { label: 'Back to Perly', url: perlyUrl },
        ...toLinks('Connect a channel in Slack', installUrl),
      ],
      site,
    }),
  };
}
