import type { RequestListener } from 'node:http';
import express, { type Express } from 'express';
import { systemClock } from '../lib/clock.ts';
import { setRouteTemplate } from '../lib/route-template.ts';
import { createAccountLimit } from '../perly/account-limit.ts';
import { createSendError, perlyErrorHandler } from '../perly/error-handler.ts';
import { createBodyParser } from '../perly/events-body.ts';
import { createEventsHandler, eventsPath } from '../perly/events-route.ts';
import { createSignedBodyReader } from '../perly/read-signed-body.ts';
import { createSignatureCheck } from '../perly/signature-check.ts';
import type { WebContext } from './web-context.ts';

/**
 * Bypasses Express, which takes half of a request's CPU time; other spellings of the path go to `web`.
 * @param admit returns `false` if it answered the request
 */
export function mountEvents(
  web: Express,
  context: WebContext,
  admit: (...request: Parameters<RequestListener>) => boolean,
): RequestListener {
  const { config, readBody, onVerified, delivery, operations, logger } = context;
  const { secrets, maxEventsPerMinute } = config.perly;
  const handle = createEventsHandler({
    readSignedBody: createSignedBodyReader({
      checkSignature: createSignatureCheck(secrets, systemClock),
      readBody,
      onVerified,
    }),
    parseBody: createBodyParser(new URL(context.perlyAppUrl).origin),
    limit: createAccountLimit({ what: 'events', limit: maxEventsPerMinute, clock: systemClock }),
    ingest: delivery.ingest,
    onIngested: operations.onIngested,
    sendError: createSendError(logger),
  });
  web.use(express.Router().post(eventsPath, handle));
  web.use('/perly', perlyErrorHandler(logger));

  return (req, res) => {
    if (req.method !== 'POST' || req.url !== eventsPath) return web(req, res);
    if (!admit(req, res)) return;
    setRouteTemplate(req, eventsPath);
    void handle(req, res);
  };
}
