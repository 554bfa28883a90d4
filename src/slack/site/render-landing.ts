import type { Publisher } from '../../domain/publisher.ts';
import { type Html, html } from '../../lib/html.ts';
import { renderButtons } from '../pages/layout.ts';
import type { Page } from '../pages/send-page.ts';
import type { SiteLinks } from '../pages/site-links.ts';
import { renderEmail, renderSitePage } from './render-site-page.ts';

export type Landing = { publisher: Publisher; site: SiteLinks; installUrl: string; perlyUrl: string };

export function renderLanding({ publisher, site, installUrl, perlyUrl }: Landing): Page {
  const { companyName, supportEmail, pricingText, pricingUrl } = publisher;
  return renderSitePage({
    title: 'Customer health alerts in Slack',
    description: 'Perly posts customer health alerts to the Slack channels that you pick.',
    site,
    body: html`<p class="lead">Perly scores the health of your customers. This app posts Perly’s alerts to the Slack channels that you pick, so your customer success team sees at once who needs a call.</p>
${renderButtons([
  { label: 'Add to Slack', url: installUrl },
  { label: 'Go to Perly', url: perlyUrl },
])}
<p class="small">You need a Perly account. No account yet? You can add the app first and link an account later.</p>
${renderSampleAlert()}
<h2>What you get</h2>
<ul>
<li>An alert when a customer is at risk, a health score drops, a billing retry fails, or an expansion signal or upsell opportunity turns up.</li>
<li>The risk level, the strongest signals, the suggested next step, and a link to the customer in Perly.</li>
<li>Acknowledge an alert, or mute a customer, in the channel. Alerts can mention the customer’s owner, and a critical alert that nobody acknowledges can be posted once more.</li>
<li>Rules for each channel: which events, from which risk level, and quiet hours with one digest. Critical alerts come at once.</li>
</ul>
<h2>How it starts</h2>
<ol>
<li>Press Add to Slack above, or Connect Slack in Perly under Settings, Notifications, Slack.</li>
<li>Pick a channel in Slack and press Allow. A first message appears in the channel.</li>
<li>If you started here, link your Perly account with the button on the next page. If you are not its administrator, that page has a link to send them. Alerts start as soon as the account is linked.</li>
<li>To set the rules, press Change the rules in the message that says that alerts are on: it opens Perly in Slack.</li>
<li>To try it, choose Send a test alert there, in the channel’s menu.</li>
</ol>
<h2>What it reads: nothing</h2>
<p>The app asks Slack for one permission, <code>incoming-webhook</code>: to post to a channel that you pick. It cannot read messages, files or profiles. <a href="${site.privacyUrl}">Privacy</a> lists what it stores, for how long, and who sees it.</p>
<h2>Shared channels</h2>
<p>Everyone in a channel can read its alerts. If you pick a channel that is shared with another organisation (Slack Connect), its people can read them, too.</p>
<h2>Remove it</h2>
<ul>
<li>One channel: open Perly in Slack, and choose Disconnect in the channel’s menu.</li>
<li>The whole app: in Slack, open your workspace’s menu, choose Tools &amp; settings, Manage apps, Perly, and Remove App. Alerts stop at once. What the app stores about your workspace is deleted within 14 days.</li>
</ul>
<h2>Pricing</h2>
<p>${pricingText}${pricingUrl === undefined ? undefined : html` <a href="${pricingUrl}">See prices</a>.`}</p>
<h2>Help</h2>
<p>Write to ${renderEmail(supportEmail)}, or read the <a href="${site.supportUrl}">answers to frequent questions</a>. Perly for Slack is offered by ${companyName}.</p>`,
  });
}

export const sampleAlert = {
  customer: 'Acme Corp',
  headline: 'Health score dropped to 32 (-18)',
  lines: [
    'Risk level: High',
    'Signals: Login frequency down 60%, payment failed twice, support tickets up',
    'Suggested: Schedule a check-in call with the account owner',
  ],
  buttons: ['Open in Perly', 'Acknowledge', 'Mute customer…'],
} as const;

/** The alert's buttons are only drawn, and do not work. */
function renderSampleAlert(): Html {
  const { customer, headline, lines, buttons } = sampleAlert;
  return html`<figure>
<div class="alert">
<p><strong>${customer}</strong> — ${headline}</p>
${lines.map((line) => html`<p>${line}</p>`)}
<p class="drawn">${buttons.map((label) => html`<span>${label}</span>`)}</p>
</div>
<figcaption>An alert in Slack. The customer is invented.</figcaption>
</figure>`;
}
