import express, { type Express, type Handler } from 'express';
import helmet from 'helmet';

/**
 * An Express app with what all requests have in common.
 *
 * @param parts.trustProxy how many proxies stand before the app
 * @param parts.handlers run for every request
 */
export function createExpressApp(parts: { trustProxy: number; handlers: (Handler | Handler[])[] }): Express {
  return (
    express()
      .disable('x-powered-by')
      // An ETag is a version that can be sent back: only what has one gets one.
      .disable('etag')
      .set('trust proxy', parts.trustProxy)
      // The pages bring their own policy for content.
      .use(helmet({ contentSecurityPolicy: false }), ...parts.handlers)
  );
}
