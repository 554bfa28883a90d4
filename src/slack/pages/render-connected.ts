import { html } from '../../html.ts';
import { renderLayout } from './layout.ts';
import type { Link } from './link.ts';
import { toChannelLabel, toName } from './names.ts';
import type { Page } from './page.ts';

/** Names as Slack and Perly gave them; URLs checked by the caller. `perlyUrl` is `return_url` or `PERLY_APP_URL`. */
export type Connected = {
  channelName: string;
  teamName: string;
  /** False while no Perly account is known for the channel. */
  accountLinked: boolean;
  perlyUrl: string;
  /** The channel in Slack. */
  slackUrl: string;
  /** Where Perly links the account, when `accountLinked` is false. */
  linkUrl?: string;
  /** Whether the first message is in the channel. */
  welcomed: boolean;
  /** The channel was connected before: its rules are kept. */
  reconnected?: boolean;
  /** The channel took another one's place: its rules came along. */
  moved?: boolean;
  /** How many alerts came while it was broken: they follow as one message. */
  missed?: number;
};

/** The page after Allow: what is connected, what will come, where to change that, and what is left to do. */
export function renderConnected(connected: Connected): Page {
  const channel = toChannelLabel(connected.channelName) ?? 'your channel';
  const { title, heading } = toHeading(connected, channel);
  const team = toName(connected.teamName);
  const { missed = 0 } = connected;
  return {
    status: 200,
    html: renderLayout({
      title,
      heading,
      status: connected.accountLinked ? 'done' : 'waiting',
      statusWords: connected.accountLinked ? 'Connected' : 'One step left',
      body: html`<p class="lead">${toLead(connected)}</p>
<dl>
${team === undefined ? undefined : html`<div><dt>Workspace</dt><dd><bdi>${team}</bdi></dd></div>`}
<div><dt>What comes</dt><dd>${toWhatComes(connected)}</dd></div>
${missed === 0 ? undefined : html`<div><dt>Meanwhile</dt><dd>${toMeanwhile(missed)}</dd></div>`}
<div><dt>Rules</dt><dd>${toRules(connected)}</dd></div>
${connected.welcomed ? undefined : html`<div><dt>First message</dt><dd>It could not be posted just now. The channel is connected all the same.</dd></div>`}
</dl>`,
      links: toLinks(connected),
    }),
  };
}

function toHeading({ accountLinked, reconnected, moved }: Connected, channel: string) {
  const name = html`<bdi>${channel}</bdi>`;
  if (moved) return { title: `Moved to ${channel}`, heading: html`Moved to ${name}` };
  if (reconnected) return { title: `Reconnected ${channel}`, heading: html`Reconnected ${name}` };
  if (accountLinked) {
    return { title: `Alerts are active in ${channel}`, heading: html`Alerts are active in ${name}` };
  }
  return { title: `${channel} is waiting for Perly`, heading: html`${name} is waiting for Perly` };
}

function toLead({ accountLinked, reconnected, moved, welcomed }: Connected): string {
  if (!accountLinked) return 'Slack is ready. Link your Perly account, and alerts start in this channel.';
  if (moved)
    return 'Alerts come to this channel from now on, by the same rules as before, and what was waiting comes along.';
  if (reconnected) return 'Alerts come to this channel again, by the same rules as before.';
  return welcomed
    ? 'You are all set. A first message is in the channel, and alerts follow as they happen.'
    : 'You are all set. Alerts come to this channel as they happen.';
}

function toWhatComes({ reconnected, moved }: Connected): string {
  return reconnected || moved
    ? 'The alerts that your rules let through.'
    : 'Customers at risk, health score drops, failed billing retries, expansion signals and upsell opportunities.';
}

function toMeanwhile(missed: number): string {
  return missed === 1
    ? 'One alert came while the channel was broken. It follows now.'
    : `${missed} alerts came while the channel was broken. They follow as one message.`;
}

function toRules({ reconnected, moved }: Connected): string {
  return reconnected || moved
    ? 'Kept as they were. To change them, open Perly under Apps in Slack and go to Home.'
    : 'Open Perly under Apps in Slack and go to Home: choose which alerts come, from which risk level, and when.';
}

function toLinks({ accountLinked, linkUrl, perlyUrl, slackUrl }: Connected): Link[] {
  const slack = { label: 'Open the channel in Slack', url: slackUrl };
  if (accountLinked) return [slack, { label: 'Back to Perly', url: perlyUrl }];
  if (linkUrl !== undefined) return [{ label: 'Link your Perly account', url: linkUrl }, slack];
  return [{ label: 'Open Slack settings in Perly', url: toSlackSettings(perlyUrl) }, slack];
}

function toSlackSettings(perlyUrl: string): string {
  return `${perlyUrl.replace(/[?#].*$/, '').replace(/\/+$/, '')}/settings/notifications/slack`;
}
