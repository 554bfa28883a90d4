import type { Publisher } from '../../domain/publisher.ts';
import { html } from '../../lib/html.ts';
import type { Page } from '../pages/send-page.ts';
import type { SiteLinks } from '../pages/site-links.ts';
import { questions } from './questions.ts';
import { renderEmail, renderSitePage } from './render-site-page.ts';

export function renderSupport({ publisher, site }: { publisher: Publisher; site: SiteLinks }): Page {
  return renderSitePage({
    title: 'Help with Perly for Slack',
    description: 'How to reach support for Perly for Slack, and answers to frequent questions.',
    site,
    body: html`<p class="lead">Write to ${renderEmail(publisher.supportEmail)}. You need no login.</p>
<dl>
<div><dt>Hours</dt><dd>${publisher.supportHours}</dd></div>
<div><dt>Please name</dt><dd>Your workspace, the channel, and when it happened. Send no tokens or webhook addresses.</dd></div>
<div><dt>Your data</dt><dd>For questions about data and its deletion, see <a href="${site.privacyUrl}">Privacy</a>.</dd></div>
</dl>
${questions.map(({ question, answer }) => html`<h2>${question}</h2>${answer.map((text) => html`<p>${text}</p>`)}`)}`,
  });
}
