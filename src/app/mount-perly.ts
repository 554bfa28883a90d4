import type { Express } from 'express';
import { listActivity } from '../channels/activity.ts';
import { systemClock } from '../lib/clock.ts';
import { createTokenCheck, signConnectToken, toTokenKey } from '../lib/perly-token.ts';
import { createAccountLimit } from '../perly/account-limit.ts';
import { describeApi } from '../perly/api/openapi.ts';
import type { OperationPurpose } from '../perly/api/operation.ts';
import { apiOperations } from '../perly/api/operations.ts';
import { createApiRouter } from '../perly/api/router.ts';
import { createAuthenticate } from '../perly/authenticate.ts';
import { docsRoute } from '../perly/docs/docs-route.ts';
import { perlyErrorHandler, unknownPerlyRoute } from '../perly/error-handler.ts';
import { linkRoute } from '../slack/install/link-route.ts';
import { pagesErrorHandler } from '../slack/install/to-problem.ts';
import type { WebContext } from './web-context.ts';

/** The limit per account and minute; Perly's settings page makes a handful of requests. */
const maxApiRequests = 1200;

export function mountPerly(web: Express, context: WebContext): void {
  const { config, stores, delivery, tokenSecrets, perlyAppUrl, logger } = context;
  const { settings, owners, unlinking, removals } = delivery;
  const api = apiOperations({
    ...stores,
    settings,
    owners,
    unlinking,
    removals,
    listActivity: (channel, query) => listActivity(stores, channel, query),
    sendTestAlert: delivery.testChannel,
    installUrl: context.navigation.installUrl,
    perlyAppUrl,
    signConnectToken: (requester, claims) =>
      signConnectToken(tokenSecrets[0] ?? '', requester, claims, systemClock.now()),
  });
  web.use(
    linkRoute({
      ...context,
      ...delivery,
      ...stores,
      keys: tokenSecrets.map(toTokenKey),
      checkToken: context.checkConnectToken,
      clock: systemClock,
    }),
    pagesErrorHandler(logger, context.findNavigation),
    createApiRouter(createAuthenticators(context), api),
    docsRoute(() => describeApi({ appUrl: config.appUrl, perlyAppUrl, operations: api })),
  );
  web.use('/perly', unknownPerlyRoute, perlyErrorHandler(logger));
}

function createAuthenticators({ tokenSecrets, operations, onVerified, delivery }: WebContext) {
  const limit = createAccountLimit({ what: 'requests', limit: maxApiRequests, clock: systemClock });
  const authenticateFor = (purpose: OperationPurpose) =>
    operations.logAccount(
      createAuthenticate(
        createTokenCheck(tokenSecrets, purpose, systemClock),
        limit,
        onVerified,
        // A revoked account's deletion may be requested again.
        purpose === 'admin' ? async () => false : delivery.removals.accounts.isRevoked,
      ),
    );
  return { api: authenticateFor('api'), admin: authenticateFor('admin') };
}
