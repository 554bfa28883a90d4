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
