import type { Logger } from 'pino';
import { createConnections } from '../channels/connect.ts';
import { createDeliveryForwarder } from '../channels/forward-deliveries.ts';
import { createLinking } from '../channels/link.ts';
import { createLinkConfirmations } from '../channels/link-confirmations.ts';
import { createChannelMover } from '../channels/move.ts';
import { createMuting } from '../channels/mute.ts';
import { createChannelNotices } from '../channels/notices.ts';
import type { OutboxRelay } from '../channels/outbox-relay.ts';
import { createOwners } from '../channels/owners.ts';
import { createChannelSettings } from '../channels/settings.ts';
import { createTenancyCleanup } from '../channels/tenancy-cleanup.ts';
import { createUnlinking } from '../channels/unlink.ts';
import type { Config } from '../config.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createFindHomeUrl, createSlackUrls } from '../slack/slack-urls.ts';
import type { HomeChanged } from './create-publishing.ts';
import type { Removals } from './create-removals.ts';
import type { Sending } from './create-sending.ts';
import type { Stores } from './create-stores.ts';

type Parts = {
  config: Config;
  stores: Stores & { clock: Clock };
  sending: Pick<Sending, 'withSendingPaused' | 'scheduleNext' | 'webhook' | 'slots'>;
  removals: Removals;
  outboxRelay: OutboxRelay;
  homeChanged: HomeChanged;
  logger: Logger;
};

export function createChannelChanges(parts: Parts) {
  const { stores, sending, removals, outboxRelay } = parts;
  const { publish } = outboxRelay;
  const { scheduleNext, withSendingPaused } = sending;
  const muting = createMuting({ ...stores, outboxRelay });
  const forward = createDeliveryForwarder({ ...stores, ...sending });
  const tenancyCleanup = createTenancyCleanup({ ...stores, forward });
  const settings = createChannelSettings({
    ...stores,
    muting,
    tenancyCleanup,
    withSendingPaused,
    outboxRelay,
    scheduleNext,
  });
  const owners = createOwners({ ...stores, homeChanged: parts.homeChanged });
  const slackUrls = createSlackUrls(parts.config.slack.authorizeUrl);
  const findHomeUrl = createFindHomeUrl(stores.installations, slackUrls);
  const notices = createChannelNotices({ ...stores, ...sending, publish, logger: parts.logger });
  const unlinking = createUnlinking({
    ...stores,
    tenancyCleanup,
    notices,
    withSendingPaused,
    findHomeUrl,
    publish,
    homeChanged: parts.homeChanged,
  });
  const mover = createChannelMover({ ...stores, ...unlinking, tenancyCleanup, publish });
  const connections = createConnections({
    ...stores,
    ...removals,
    tenancyCleanup,
    mover,
    unlinking,
    publish,
  });
  return {
    muting,
    tenancyCleanup,
    settings,
    owners,
    slackUrls,
    findHomeUrl,
    notices,
    unlinking,
    mover,
    connections,
  };
}

export function createAccountLinking(
  parts: Parts &
    Pick<ReturnType<typeof createChannelChanges>, 'tenancyCleanup' | 'unlinking' | 'notices' | 'findHomeUrl'>,
) {
  const { stores, sending, removals, homeChanged } = parts;
  const { accounts } = removals;
  const linking = createLinking({
    ...stores,
    tenancyCleanup: parts.tenancyCleanup,
    unlinking: parts.unlinking,
    accounts,
    notices: parts.notices,
    withSendingPaused: sending.withSendingPaused,
    findHomeUrl: parts.findHomeUrl,
    publish: parts.outboxRelay.publish,
    logger: parts.logger,
  });
  const confirmations = createLinkConfirmations({
    store: stores.linkConfirmations,
    linking,
    accounts,
    homeChanged,
    // This uses wall-clock time, as links do.
    clock: systemClock,
  });
  return { linking, confirmations };
}
