import type { ServerResponse } from 'node:http';
import { stylesheetHash } from './stylesheet.ts';

/** The URL, which may contain OAuth's code and state, is neither cached nor sent as a referrer. */
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

export type Page = { status: number; html: string };

export function sendPage(response: ServerResponse, page: Page): void {
  const retry = page.status === 503 ? { 'retry-after': '30' } : {};
  response.writeHead(page.status, { ...pageHeaders, ...retry }).end(page.html);
}
