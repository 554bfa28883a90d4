import type { ServerResponse } from 'node:http';
import { stylesheetHash } from './stylesheet.ts';

/**
 * The headers of every page. Nothing may load but the stylesheet and the tab's icon; the address, which may carry
 * OAuth's code and state, is neither kept in a cache nor told to the next site.
 */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src ${stylesheetHash}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** A whole page, ready to send: its HTTP status and its document. */
export type Page = { status: number; html: string };

/** Answers a request with a page and ends it. A 503 asks to come back after 30 seconds. */
export function sendPage(response: ServerResponse, page: Page): void {
  const retry = page.status === 503 ? { 'retry-after': '30' } : {};
  response.writeHead(page.status, { ...pageHeaders, ...retry }).end(page.html);
}
