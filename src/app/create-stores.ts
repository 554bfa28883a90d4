import type { Db } from 'mongodb';
import { createAuditStore } from '../store/audit.ts';
import { createChannelAccountStore } from '../store/channels/accounts.ts';
import { createChannelHealthStore } from '../store/channels/health.ts';
import { createChannelMoveStore } from '../store/channels/moves.ts';
import { createOutboxStore } from '../store/channels/outbox.ts';
import { createChannelStore } from '../store/channels/store.ts';
import { createDeliveryStore, type OnChange } from '../store/deliveries/store.ts';
import { createEventStore } from '../store/events.ts';
import { createHomeViewerStore } from '../store/home-viewers.ts';
import { createInsiderStore } from '../store/insiders.ts';
import { createInstallationCheckStore } from '../store/installation-checks.ts';
import { createInstallationStore } from '../store/installations.ts';
import { createKeyring } from '../store/keyring.ts';
import { createLinkConfirmationStore } from '../store/link-confirmations.ts';
import { createLinkStore } from '../store/links.ts';
import { createMuteStore } from '../store/mutes.ts';
import { createOutgoingWebhookStore } from '../store/outgoing-webhooks.ts';
import { createOwnerUserStore } from '../store/owner-users.ts';
import { createOwnerStore } from '../store/owners.ts';
import { createRemovalStore } from '../store/removals.ts';
import { createUsedTokenStore } from '../store/used-tokens.ts';
import type { Writes } from '../store/watch-writes.ts';
import { keepInMemory } from './keep-in-memory.ts';

export type Stores = ReturnType<typeof createStores>;

/** @param alone the writes, if no other process uses the database: data for alerts is kept in memory */
export function createStores(
  db: Db,
  appSecrets: readonly Buffer[],
  onDeliveryChange: OnChange,
  alone?: Writes,
) {
  const keyring = createKeyring(appSecrets);
  const stored = {
    channels: createChannelStore(db, keyring),
    mutes: createMuteStore(db),
    deliveries: createDeliveryStore(db, onDeliveryChange),
  };
  return {
    ...stored,
    ...(alone === undefined ? { load: async () => {} } : keepInMemory(stored, alone)),
    audit: createAuditStore(db),
    channelHealth: createChannelHealthStore(db),
    channelAccounts: createChannelAccountStore(db, keyring),
    events: createEventStore(db),
    homeViewers: createHomeViewerStore(db),
    insiders: createInsiderStore(db),
    installationChecks: createInstallationCheckStore(db),
    installations: createInstallationStore(db, keyring),
    linkConfirmations: createLinkConfirmationStore(db),
    links: createLinkStore(db),
    moves: createChannelMoveStore(db, keyring),
    outgoingWebhooks: createOutgoingWebhookStore(db),
    owners: createOwnerStore(db),
    ownerUsers: createOwnerUserStore(db),
    removals: createRemovalStore(db),
    outbox: createOutboxStore(db),
    usedTokens: createUsedTokenStore(db),
  };
}
