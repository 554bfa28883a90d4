import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createBodyBudget } from '../lib/body-budget.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createTokenCheck } from '../lib/perly-token.ts';
import { createBodyReader } from '../lib/read-body.ts';
import { createFetchWithTimeout } from '../lib/timeout.ts';
import { createAddressKey, createClientAddress } from '../ops/address-limit.ts';
import type { Operations } from '../ops/operations.ts';
import { createBrowserPerson } from '../slack/install/browser-person.ts';
import { installPath } from '../slack/install/install-route.ts';
import { linkPath } from '../slack/install/link-route.ts';
import { createSlackLinks } from '../slack/install/slack-links.ts';
import { toSiteLinks } from '../slack/pages/site-links.ts';
import { createFindNavigation } from '../slack/slack-urls.ts';
import type { SlackTimeouts } from '../slack/timeouts.ts';
import type { Delivery } from './create-delivery.ts';
import type { Stores } from './create-stores.ts';
import { createAuthenticatedRequests } from './limit-addresses.ts';

/** Enough for some 60 of the largest bodies at once. */
const maxBodyBytes = 64 * 1024 * 1024;

export type WebParts = {
  config: Config;
  stores: Stores;
  delivery: Delivery;
  operations: Operations;
  clock: Clock;
  timeouts: SlackTimeouts;
  logger: Logger;
};

export type WebContext = ReturnType<typeof createWebContext>;

export function createWebContext(parts: WebParts) {
  const { config, delivery } = parts;
  const { appUrl, appSecrets: secrets } = config;
  const { appUrl: perlyAppUrl, tokenSecrets } = config.perly;
  const perlySettings = `${perlyAppUrl}/settings/notifications/slack`;
  const site = toSiteLinks(appUrl);
  const navigation = { perlyUrl: perlySettings, installUrl: `${appUrl}${installPath}`, site };
  const authenticated = createAuthenticatedRequests();
  const addressOf = createAddressKey(createClientAddress(config.trustProxy));
  const isSecure = appUrl.startsWith('https:');
  return {
    ...parts,
    stores: { ...parts.stores, clock: parts.clock },
    perlyAppUrl,
    perlySettings,
    tokenSecrets,
    site,
    navigation,
    findNavigation: createFindNavigation(navigation, delivery.findHomeUrl),
    authenticated,
    onVerified: authenticated.add,
    addressOf,
    readBody: createBodyReader({ budget: createBodyBudget(maxBodyBytes), addressOf }),
    checkConnectToken: createTokenCheck(tokenSecrets, 'connect', systemClock),
    fetch: createFetchWithTimeout(),
    isSecure,
    browserPerson: createBrowserPerson({ secrets, isSecure, clock: systemClock }),
    slackLinks: createSlackLinks({
      secrets,
      appUrl,
      paths: { install: installPath, linkAccount: linkPath },
      clock: systemClock,
    }),
  };
}
