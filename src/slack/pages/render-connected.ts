import { type Html, html } from '../../lib/html.ts';
import { type LayoutContent, type PageLink, renderLayout, toHomeLinks } from './layout.ts';
import { toChannelLabel, toName } from './names.ts';
import type { Page } from './send-page.ts';
import type { SiteLinks } from './site-links.ts';

/** Names as given by Slack and Perly; URLs checked by the caller. `perlyUrl` is `return_url` or `PERLY_APP_URL`. */
export type Connected = {
  channelName: string;
  teamName: string;
  /** The account's name or id; none while the channel waits for an account. */
  accountName?: string | undefined;
  perlyUrl: string;
  slackUrl: string;
  homeUrl: string | undefined;
  /** Given if the channel waits for an account. */
  linkUrl?: string;
  shared?: boolean;
  paused?: boolean;
  sentUrl?: string;
  welcomed: boolean;
  /** Why Slack takes no messages in the channel: a sentence. */
  refusal?: string;
  reconnected?: boolean;
  moved?: boolean;
  missed?: number;
  site: SiteLinks;
};

export function renderConnected(connected: Connected): Page {
  const channel = toChannelLabel(connected.channelName) ?? 'your channel';
  const { title, heading } = toHeading(connected, channel);
  const team = toName(connected.teamName);
  const isLinked = connected.accountName !== undefined;
  const { missed = 0, refusal } = connected;
  return {
    status: 200,
    html: renderLayout({
      title,
      heading,
      ...toStatus(connected),
      body: html`<p class="lead">${toLead(connected)}</p>
<dl>
${isLinked ? html`<div><dt>Perly account</dt><dd><bdi>${toName(connected.accountName) ?? 'without a name'}</bdi></dd></div>` : undefined}
${team === undefined ? undefined : html`<div><dt>Workspace</dt><dd><bdi>${team}</bdi></dd></div>`}
<div><dt>What comes</dt><dd>${toExpectedAlerts(connected)}</dd></div>
${missed === 0 || refusal !== undefined ? undefined : html`<div><dt>Meanwhile</dt><dd>${toMissedAlerts(missed)}</dd></div>`}
<div><dt>Rules</dt><dd>${toRules(connected)}</dd></div>
<div><dt>Shared channels</dt><dd>${toSharing(connected)}</dd></div>
${connected.welcomed ? undefined : html`<div><dt>First message</dt><dd>${describeUnposted(connected)}</dd></div>`}
</dl>`,
      links: toLinks(connected),
      more: isLinked ? undefined : renderSentUrl(connected.sentUrl),
      site: connected.site,
    }),
  };
}

function toStatus({ accountName, refusal }: Connected): Pick<LayoutContent, 'status' | 'statusLabel'> {
  if (refusal !== undefined) return { status: 'problem', statusLabel: 'Not working yet' };
  return accountName === undefined
    ? { status: 'waiting', statusLabel: 'One step left' }
    : { status: 'done', statusLabel: 'Connected' };
}

function describeUnposted({ refusal }: Connected): string {
  return refusal === undefined
    ? 'Slack has not confirmed it. The channel is connected anyway.'
    : 'Slack did not accept it.';
}

/** Slack does not say whether a channel is shared: it is known once an outsider was seen in it. */
function toSharing({ shared = false }: Connected): string {
  return shared
    ? 'This channel is shared with another organisation. Its people read the alerts, too.'
    : 'If this channel is shared with another organisation, its people read the alerts, too.';
}

/** Without a script, the page cannot copy the URL: one click selects all of it. */
function renderSentUrl(url: string | undefined): Html | undefined {
  if (url === undefined) return undefined;
  return html`<h2>Send this to your Perly admin</h2>
<p>If you cannot sign in to Perly yourself, copy this link and send it. It works once, within a week. Then confirm in Perly’s Home in Slack.</p>
<p class="copy">${url}</p>`;
}

function toHeading({ accountName, reconnected, moved, refusal }: Connected, channel: string) {
  const name = html`<bdi>${channel}</bdi>`;
  if (refusal !== undefined)
    return { title: `Slack takes no alerts in ${channel}`, heading: html`Slack takes no alerts in ${name}` };
  if (moved) return { title: `Moved to ${channel}`, heading: html`Moved to ${name}` };
  if (reconnected) return { title: `Reconnected ${channel}`, heading: html`Reconnected ${name}` };
  if (accountName !== undefined) {
    return { title: `Alerts are active in ${channel}`, heading: html`Alerts are active in ${name}` };
  }
  return { title: `${channel} is waiting for Perly`, heading: html`${name} is waiting for Perly` };
}

function toLead({ accountName, reconnected, moved, welcomed, refusal, paused }: Connected): string {
  if (refusal !== undefined)
    return `${refusal} When that is solved, send a test alert from the channel’s menu in Perly’s Home, or connect another channel.`;
  if (accountName === undefined) return 'Next: link your Perly account, and alerts start in this channel.';
  if (paused)
    return 'Alerts are paused in this channel, as before. You can resume them in Perly’s Home in Slack.';
  if (moved)
    return 'Alerts now come to this channel, by the same rules as before, including those that were waiting.';
  if (reconnected) return 'Alerts come to this channel by the same rules as before.';
  return welcomed
    ? 'You are all set. A first message is in the channel, and alerts follow as they happen.'
    : 'You are all set. Alerts come to this channel as they happen.';
}

function toExpectedAlerts({ reconnected, moved }: Connected): string {
  return reconnected || moved
    ? 'The alerts that your rules allow.'
    : 'Customers at risk, health score drops, failed billing retries, expansion signals and upsell opportunities.';
}

function toMissedAlerts(missed: number): string {
  return missed === 1
    ? 'One alert was held while the channel was broken. It is sent now.'
    : `${missed} alerts were held while the channel was broken. They are sent as one message.`;
}

function toRules({ accountName, reconnected, moved }: Connected): string {
  if (reconnected || moved) return 'Unchanged. You can edit them in Perly’s Home in Slack.';
  return accountName === undefined
    ? 'In Perly’s Home in Slack, once the account is linked.'
    : 'Next: choose in Perly’s Home in Slack which alerts come, from which risk level, and when.';
}

function toLinks({ accountName, linkUrl, perlyUrl, slackUrl, homeUrl }: Connected): PageLink[] {
  const slack = [{ label: 'Open the channel in Slack', url: slackUrl }, ...toHomeLinks(homeUrl)];
  if (accountName !== undefined) return [...slack, { label: 'Back to Perly', url: perlyUrl }];
  if (linkUrl !== undefined) return [{ label: 'Link your Perly account', url: linkUrl }, ...slack];
  return [{ label: 'Open Slack settings in Perly', url: toSlackSettings(perlyUrl) }, ...slack];
}

function toSlackSettings(perlyUrl: string): string {
  return `${perlyUrl.replace(/[?#].*$/, '').replace(/\/+$/, '')}/settings/notifications/slack`;
}
