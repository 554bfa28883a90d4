import type { Logger } from 'pino';
import { createConnections } from '../channels/connect.ts';
import { createTenancyEnder } from '../channels/end-tenancy.ts';
import { createDeliveryForwarder } from '../channels/forward-deliveries.ts';
import { createLinking } from '../channels/link.ts';
import { createLinkConfirmations } from '../channels/link-confirmations.ts';
import { createChannelMover } from '../channels/move.ts';
import { createMuting } from '../channels/mute.ts';
import type { OutboxRelay } from '../channels/outbox-relay.ts';
import { createChannelSettings } from '../channels/settings.ts';
import { createUnlinking } from '../channels/unlink.ts';
import type { Config } from '../config.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createFindHomeUrl } from '../slack/find-home-url.ts';
import { createSlackUrls } from '../slack/slack-urls.ts';
import type { HomeChanged } from './create-publishing.ts';
import type { Removals } from './create-removals.ts';
import type { Sending } from './create-sending.ts';
import type { Stores } from './create-stores.ts';

type Parts = {
  config: Config;
  stores: Stores & { clock: Clock };
  sending: Pick<Sending, 'withSendingPaused' | 'scheduleNext' | 'fairWebhook'>;
  removals: Removals;
  outboxRelay: OutboxRelay;
  homeChanged: HomeChanged;
  logger: Logger;
};

/** Composes what people, and Perly, can change of channels. */
export function createChannelChanges(parts: Parts) {
  const { stores, sending, removals, outboxRelay } = parts;
  const { publish } = outboxRelay;
  const { scheduleNext } = sending;
  const muting = createMuting({ ...stores, outboxRelay });
  const forward = createDeliveryForwarder({ ...stores, ...sending });
  const tenancyEnder = createTenancyEnder({ ...stores, forward });
  const settings = createChannelSettings({ ...stores, muting, tenancyEnder, outboxRelay, scheduleNext });
  const unlinking = createUnlinking({ ...stores, tenancyEnder, publish });
  const mover = createChannelMover({ ...stores, ...unlinking, tenancyEnder, publish });
  const connections = createConnections({ ...stores, ...removals, tenancyEnder, mover, unlinking, publish });
  return { muting, tenancyEnder, settings, unlinking, mover, connections };
}

/** Composes how workspaces and accounts are linked. */
export function createAccountLinking(
  parts: Parts & Pick<ReturnType<typeof createChannelChanges>, 'tenancyEnder' | 'unlinking'>,
) {
  const { stores, sending, removals, homeChanged } = parts;
  const { accounts } = removals;
  const slackUrls = createSlackUrls(parts.config.slack.authorizeUrl);
  const findHomeUrl = createFindHomeUrl(stores.installations, slackUrls);
  const linking = createLinking({
    ...stores,
    tenancyEnder: parts.tenancyEnder,
    unlinking: parts.unlinking,
    accounts,
    webhook: sending.fairWebhook,
    withSendingPaused: sending.withSendingPaused,
    findHomeUrl,
    publish: parts.outboxRelay.publish,
    logger: parts.logger,
  });
  const confirmations = createLinkConfirmations({
    store: stores.linkConfirmations,
    linking,
    accounts,
    homeChanged,
    // Like links, by the time of the world.
    clock: systemClock,
  });
  return { slackUrls, findHomeUrl, linking, confirmations };
}
