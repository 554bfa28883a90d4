import { html } from '../../lib/html.ts';
import { renderLayout } from './layout.ts';
import { toName } from './names.ts';
import type { Page } from './send-page.ts';
import type { SiteLinks } from './site-links.ts';

/** `authorizeUrl` is Slack's consent page. */
export type Consent = {
  accountId: string;
  accountName: string | undefined;
  authorizeUrl: string;
  perlyUrl: string;
  site: SiteLinks;
};

export function renderConsent({ accountId, accountName, authorizeUrl, perlyUrl, site }: Consent): Page {
  const id = toName(accountId) ?? '';
  const account = toName(accountName) ?? id;
  return {
    status: 200,
    html: renderLayout({
      title: `Connect Slack to ${account}`,
      heading: html`Connect Slack to <bdi>${account}</bdi>`,
      status: 'waiting',
      statusLabel: 'Before you go to Slack',
      body: html`<p class="lead">Next, Slack asks you for a channel. Alerts about this account’s customers go there, and everyone in the channel can read them.</p>
<dl>
<div><dt>Perly account</dt><dd><bdi>${account}</bdi></dd></div>
${account === id ? undefined : html`<div><dt>Account id</dt><dd><bdi>${id}</bdi></dd></div>`}
<div><dt>Not yours?</dt><dd>If you did not press Connect Slack in Perly, close this page. Nothing is connected then.</dd></div>
</dl>`,
      links: [
        { label: 'Continue to Slack', url: authorizeUrl },
        { label: 'Back to Perly', url: perlyUrl },
      ],
      site,
    }),
  };
}
