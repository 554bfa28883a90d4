import type { Publisher } from '../../domain/publisher.ts';
import { html } from '../../lib/html.ts';
import type { Page } from '../pages/send-page.ts';
import type { SiteLinks } from '../pages/site-links.ts';
import { deletions, storedData } from './privacy-data.ts';
import { renderEmail, renderSitePage } from './render-site-page.ts';

export function renderPrivacy({ publisher, site }: { publisher: Publisher; site: SiteLinks }): Page {
  const { companyName, privacyEmail } = publisher;
  return renderSitePage({
    title: 'Privacy in Perly for Slack',
    description: 'What Perly for Slack stores, why, who sees it, and when it is deleted.',
    site,
    body: html`<p class="lead">The app reads no messages, files or profiles. It stores what Perly posts, the channels that you pick and their rules, the Slack user ids of people who use the app or are chosen in it, and what was sent where.</p>
<dl>
<div><dt>Offered by</dt><dd>${companyName}</dd></div>
<div><dt>Contact</dt><dd>${renderEmail(privacyEmail)}: to ask what is stored about you or your company, to have it corrected, sent to you or deleted.</dd></div>
<div><dt>Goes to</dt><dd>Slack, as alerts in your channels, and your Perly account. The app sends it nowhere else: not to advertisers, and not to train models.</dd></div>
<div><dt>Who else</dt><dd>The people who run the app can reach its database and log to repair a fault.</dd></div>
<div><dt>Not used</dt><dd>Slack’s requests also name people and workspaces, and carry addresses for the answer. What is not listed below is neither used for anything else nor kept.</dd></div>
<div><dt>Safety</dt><dd>Tokens and webhook addresses are encrypted in the database. All connections to Slack and Perly use TLS.</dd></div>
<div><dt>Log</dt><dd>It contains ids, and the network address of refused requests. It contains no texts of alerts, tokens or webhook addresses.</dd></div>
</dl>
<h2>How to have it deleted</h2>
<p>Remove the app from your workspace: what it stores about the workspace is then deleted within 14 days, most of it at once. Or write to ${renderEmail(privacyEmail)}; Perly can delete everything of an account at once.</p>
<h2>What is deleted when</h2>
${deletions.map(
  ({ when, deleted, kept }) => html`<h3>${toSentence(when)}</h3>
<dl>
${deleted === '' ? undefined : html`<div><dt>Deleted</dt><dd>${toSentence(deleted)}</dd></div>`}
${kept === '' ? undefined : html`<div><dt>Kept</dt><dd>${toSentence(kept)}</dd></div>`}
</dl>`,
)}
<h2>What is stored</h2>
<p>Each entry is a collection of the database.</p>
${storedData.map(
  ({ collection, data, purpose, seenBy, deleted }) => html`<h3><code>${collection}</code></h3>
<dl>
<div><dt>Data</dt><dd>${toSentence(data)}</dd></div>
<div><dt>Purpose</dt><dd>${toSentence(purpose)}</dd></div>
<div><dt>Who sees it</dt><dd>${toSentence(seenBy)}</dd></div>
<div><dt>Deleted</dt><dd>${toSentence(deleted)}</dd></div>
</dl>`,
)}`,
  });
}

/** The entries of the table begin in lower case. */
function toSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
