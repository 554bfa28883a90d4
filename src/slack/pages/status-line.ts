import { type Html, html } from '../../lib/html.ts';

/** How things stand: each has a shape and words of its own, so that colour is never the only sign. */
export type Status = 'done' | 'waiting' | 'unchanged' | 'problem';

const shapes: Record<Status, Html> = {
  done: html`<circle cx="10" cy="10" r="8.25"/><path d="m6.4 10.3 2.5 2.5 4.8-5.3"/>`,
  waiting: html`<circle cx="10" cy="10" r="8.25"/><path d="M10 5.4V10l3 2"/>`,
  unchanged: html`<circle cx="10" cy="10" r="8.25"/><path d="M6.4 10h7.2"/>`,
  problem: html`<path d="M10 2.4 18.3 17H1.7Z"/><path d="M10 8v3.8M10 14.3v.1"/>`,
};

/** The line above the headline: a sign and a few words. */
export function renderStatusLine(status: Status, words: string): Html {
  return html`<p class="status ${status}"><svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">${shapes[status]}</svg>${words}</p>`;
}
