import { type Html, html } from '../../lib/html.ts';

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

/** Its buttons are drawn, not working. */
export function renderSampleAlert(): Html {
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
