import type { ServerResponse } from 'node:http';
import type { Page } from './page.ts';
import { pageHeaders } from './page-headers.ts';

/** Answers a request with a page and ends it. A 503 asks to come back after 30 seconds. */
export function sendPage(response: ServerResponse, page: Page): void {
  const retry = page.status === 503 ? { 'retry-after': '30' } : {};
  response.writeHead(page.status, { ...pageHeaders, ...retry }).end(page.html);
}
