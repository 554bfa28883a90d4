import type { Express } from 'express';
import { systemClock } from '../lib/clock.ts';
import { createAccountLimit } from '../perly/account-limit.ts';
import { perlyErrorHandler } from '../perly/error-handler.ts';
import { createBodyParser } from '../perly/events-body.ts';
import { eventsRoute } from '../perly/events-route.ts';
import { createSignedBodyReader } from '../perly/read-signed-body.ts';
import { createSignatureCheck } from '../perly/signature-check.ts';
import type { WebContext } from './web-context.ts';

/** Mounts the route to which Perly posts events. */
export function mountEvents(web: Express, context: WebContext): void {
  const { config, readBody, onVerified, delivery, operations, logger } = context;
  const { secrets, maxEventsPerMinute } = config.perly;
  web.use(
    eventsRoute({
      readSignedBody: createSignedBodyReader({
        checkSignature: createSignatureCheck(secrets, systemClock),
        readBody,
        onVerified,
      }),
      parseBody: createBodyParser(new URL(context.perlyAppUrl).origin),
      limit: createAccountLimit({ what: 'events', limit: maxEventsPerMinute, clock: systemClock }),
      ingest: delivery.ingest,
      onIngested: operations.onIngested,
    }),
  );
  web.use('/perly', perlyErrorHandler(logger));
}
