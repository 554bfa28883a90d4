import type { LinkedGroups } from '../../channels/link.ts';
import { html } from '../../lib/html.ts';
import { renderLayout, toHomeLinks } from './layout.ts';
import { toChannelLabel, toName } from './names.ts';
import type { Page } from './send-page.ts';
import type { SiteLinks } from './site-links.ts';

/** Names as given by Slack and Perly; URLs checked by the caller. */
export type Linked = {
  teamName: string;
  accountName: string;
  /** Of the channels; `undefined` if this page was reloaded. */
  names: LinkedGroups<string> | undefined;
  perlyUrl: string;
  homeUrl: string | undefined;
  site: SiteLinks;
};

const maxNames = 10;

export function renderLinked(linked: Linked): Page {
  const account = toName(linked.accountName);
  const team = toName(linked.teamName);
  const { names } = linked;
  const title = 'Your Perly account is linked';
  return {
    status: 200,
    html: renderLayout({
      title,
      heading: html`${title}`,
      status: 'done',
      statusLabel: 'Linked',
      body: html`<p class="lead">${toLead(linked)}</p>
<dl>
${account === undefined ? undefined : html`<div><dt>Perly account</dt><dd><bdi>${account}</bdi></dd></div>`}
${team === undefined ? undefined : html`<div><dt>Workspace</dt><dd><bdi>${team}</bdi></dd></div>`}
${toChannels('Alerts are on', names?.on)}
${toChannels('Alerts are paused', names?.paused)}
${toChannels('Slack takes no alerts', names?.broken)}
<div><dt>Rules</dt><dd>Next: choose in Perly’s Home in Slack which alerts come, from which risk level, and when.</dd></div>
</dl>`,
      links: [...toHomeLinks(linked.homeUrl), { label: 'Back to Perly', url: linked.perlyUrl }],
      site: linked.site,
    }),
  };
}

function toLead({ names }: Linked): string {
  if (names === undefined) return 'It was already linked. There is nothing left to do.';
  if (names.broken.length > 0)
    return 'Not every channel works yet. Perly’s Home in Slack shows why, and what to do.';
  return names.on.length === 0
    ? 'Alerts are paused, as before. You can resume them in Perly’s Home in Slack.'
    : 'You are all set. Alerts follow as they happen.';
}

function toChannels(term: string, all: readonly string[] = []) {
  if (all.length === 0) return undefined;
  const names = all
    .toSorted()
    .slice(0, maxNames)
    .map((name) => toChannelLabel(name) ?? 'a channel');
  const more = all.length - names.length;
  return html`<div><dt>${term}</dt><dd><bdi>${names.join(', ')}</bdi>${more > 0 ? ` and ${more} more` : undefined}</dd></div>`;
}
