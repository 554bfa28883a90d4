import { html } from '../../lib/html.ts';
import { renderLayout, toHomeLinks } from './layout.ts';
import { toName } from './names.ts';
import type { Page } from './send-page.ts';
import type { SiteLinks } from './site-links.ts';

/** Names as given by Slack and Perly; URLs checked by the caller. */
export type ToConfirm = {
  teamName: string;
  accountName: string;
  perlyUrl: string;
  homeUrl: string | undefined;
  isForwarded: boolean;
  site: SiteLinks;
};

export function renderConfirmInSlack({
  teamName,
  accountName,
  perlyUrl,
  homeUrl,
  isForwarded,
  site,
}: ToConfirm): Page {
  const title = isForwarded ? 'Now they confirm in Slack' : 'Now confirm in Slack';
  const team = toName(teamName);
  return {
    status: 200,
    html: renderLayout({
      title,
      heading: html`${title}`,
      status: 'waiting',
      statusLabel: 'One step left',
      body: html`<p class="lead">${isForwarded ? 'Tell the person who sent you the link to open Perly in Slack: Home asks them whether to link these two. Only they can answer, within a day.' : 'Open Perly in Slack: Home asks whether to link these two. Only the person who began there can answer, within 10 minutes.'}</p>
<dl>
<div><dt>Perly account</dt><dd><bdi>${toName(accountName) ?? 'without a name'}</bdi></dd></div>
${team === undefined ? undefined : html`<div><dt>Workspace</dt><dd><bdi>${team}</bdi></dd></div>`}
<div><dt>${isForwarded ? 'Unknown sender?' : 'Not you?'}</dt><dd>${isForwarded ? 'If you do not know who sent you the link, write to Support at once. Once they confirm, they get alerts about this account’s customers.' : 'If you did not begin this in Slack, close this page. Nothing is linked then.'}</dd></div>
</dl>`,
      links: [...toHomeLinks(homeUrl), { label: 'Back to Perly', url: perlyUrl }],
      site,
    }),
  };
}
