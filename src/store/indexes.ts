import { type Db, type IndexDescription, MongoServerError } from 'mongodb';

const namespaceNotFound = 26;

/**
 * A changed index gets another name, since processes of two versions may run at once. If the old one was
 * released, a migration drops it. The keys of partial indexes differ too, if only in the order of fields that queries
 * know: MongoDB before 5.0 refuses indexes of a collection that differ only in their filters.
 */
const indexes: Record<string, IndexDescription[]> = {
  installations: [
    {
      name: 'removal',
      key: { 'removal.at': 1 },
      partialFilterExpression: { 'removal.at': { $type: 'date' } },
    },
    { name: 'checks', key: { nextCheckAt: 1 } },
    { name: 'organisation', key: { enterpriseId: 1 } },
    { name: 'checked', key: { lastCheckedAt: 1 } },
    {
      name: 'invalid',
      key: { 'invalidAuth.countedAt': 1 },
      partialFilterExpression: { 'invalidAuth.countedAt': { $type: 'date' } },
    },
  ],
  removals: [{ name: 'purge', key: { purgeAt: 1 } }],
  channels: [
    { name: 'account', key: { accountId: 1 } },
    { name: 'workspace', key: { teamId: 1 } },
    {
      name: 'reevaluation',
      key: { needsReevaluation: 1 },
      partialFilterExpression: { needsReevaluation: true },
    },
    { name: 'broken', key: { brokenAt: 1 }, partialFilterExpression: { brokenAt: { $type: 'date' } } },
    { name: 'retry', key: { retryAt: 1 }, partialFilterExpression: { retryAt: { $type: 'date' } } },
    {
      name: 'troubled',
      key: { 'trouble.since': 1 },
      partialFilterExpression: { 'trouble.since': { $type: 'date' } },
    },
    {
      name: 'moving',
      key: { movedFrom: 1 },
      partialFilterExpression: { movedFrom: { $type: 'string' } },
    },
    {
      name: 'outbox',
      key: { 'outbox.id': 1 },
      partialFilterExpression: { 'outbox.id': { $type: 'string' } },
    },
    {
      name: 'former',
      key: { 'formerAccounts.accountId': 1 },
      partialFilterExpression: { 'formerAccounts.accountId': { $type: 'string' } },
    },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
  links: [
    { name: 'workspace', key: { teamId: 1 } },
    { name: 'account', key: { accountId: 1 } },
    {
      name: 'unlinked',
      key: { 'unlinkedBy.kind': 1 },
      partialFilterExpression: { 'unlinkedBy.kind': { $type: 'string' } },
    },
  ],
  linkConfirmations: [
    { name: 'workspace', key: { teamId: 1 } },
    { name: 'account', key: { accountId: 1 } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
  outgoingWebhooks: [
    { name: 'channel_of_account', key: { channelId: 1, accountId: 1, sequence: 1 } },
    { name: 'account', key: { accountId: 1 } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
  usedTokens: [
    { name: 'begun', key: { begunBy: 1 }, partialFilterExpression: { begunBy: { $type: 'string' } } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
  leases: [],
  mutes: [
    { name: 'customer', key: { accountId: 1, customerId: 1 } },
    { name: 'channel', key: { channelId: 1 } },
    {
      name: 'outbox',
      key: { 'outbox.id': 1 },
      partialFilterExpression: { 'outbox.id': { $type: 'string' } },
    },
    { name: 'expiry', key: { until: 1 }, expireAfterSeconds: 0 },
  ],
  homeViewers: [
    { name: 'workspace', key: { teamId: 1, openedAt: -1 } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
  owners: [
    { name: 'account', key: { accountId: 1 } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
  ownerUsers: [
    { name: 'link', key: { teamId: 1, accountId: 1 } },
    { name: 'account', key: { accountId: 1 } },
    {
      name: 'outbox',
      key: { 'outbox.id': 1 },
      partialFilterExpression: { 'outbox.id': { $type: 'string' } },
    },
  ],
  insiders: [
    { name: 'workspace', key: { teamId: 1 } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
  audit: [
    { name: 'channel_of_account', key: { channelId: 1, accountId: 1, at: -1 } },
    { name: 'account', key: { accountId: 1 } },
    { name: 'workspace', key: { teamId: 1 } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
  events: [
    { name: 'account', key: { accountId: 1, sequence: -1 } },
    { name: 'customer', key: { accountId: 1, 'event.customer.id': 1, sequence: -1 } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
  deliveries: [
    // This index is small, because sent deliveries leave it.
    {
      name: 'pending_in_order',
      key: { state: 1, channelId: 1, accountId: 1, priority: 1, 'split.maxTogether': 1, sequence: 1 },
      partialFilterExpression: { state: 'pending' },
    },
    {
      name: 'due_of_account',
      key: { state: 1, nextAttemptAt: 1, channelId: 1, accountId: 1 },
      partialFilterExpression: { state: 'pending' },
    },
    {
      name: 'held_of_account',
      key: { state: 1, channelId: 1, accountId: 1, nextAttemptAt: 1 },
      partialFilterExpression: { state: 'held' },
    },
    {
      name: 'openings_of_account',
      key: { state: 1, digest: 1, nextAttemptAt: 1, channelId: 1, accountId: 1 },
      partialFilterExpression: { state: 'held' },
    },
    {
      name: 'held_by_sequence_of_account',
      key: { state: 1, channelId: 1, accountId: 1, sequence: -1 },
      partialFilterExpression: { state: 'held' },
    },
    // These let the pages of a backlog that is reevaluated skip deliveries that already were.
    {
      name: 'pending_by_rules_of_account',
      key: { state: 1, channelId: 1, accountId: 1, rulesEpoch: 1 },
      partialFilterExpression: { state: 'pending' },
    },
    {
      name: 'held_by_rules_epoch_of_account',
      key: { channelId: 1, state: 1, accountId: 1, rulesEpoch: 1 },
      partialFilterExpression: { state: 'held' },
    },
    {
      name: 'reminders_of_account',
      key: { state: 1, channelId: 1, accountId: 1, 'reminder.of': 1 },
      partialFilterExpression: { 'reminder.of': { $type: 'string' } },
    },
    {
      name: 'split_of_account',
      key: { state: 1, channelId: 1, accountId: 1, 'split.unprovenSince': 1 },
      partialFilterExpression: { 'split.unprovenSince': { $type: 'date' } },
    },
    {
      name: 'awaiting_reminder',
      key: { awaitsReminder: 1, state: 1, channelId: 1, finishedAt: 1, _id: 1 },
      partialFilterExpression: { awaitsReminder: true },
    },
    {
      name: 'similar',
      key: { 'repeat.key': 1, 'repeat.until': 1 },
      partialFilterExpression: { 'repeat.until': { $type: 'date' } },
    },
    {
      name: 'repeat_claims',
      key: { 'repeat.claims': 1 },
      unique: true,
      partialFilterExpression: { 'repeat.claims': { $type: 'string' } },
    },
    { name: 'ref', key: { ref: 1, channelId: 1 } },
    {
      name: 'sent_of_account',
      key: { channelId: 1, accountId: 1, finishedAt: -1 },
      partialFilterExpression: { state: 'sent' },
    },
    {
      name: 'failed_of_account',
      key: { state: 1, channelId: 1, accountId: 1, finishedAt: -1 },
      partialFilterExpression: { state: 'failed' },
    },
    {
      name: 'dropped_by_sequence_of_account',
      key: { channelId: 1, state: 1, accountId: 1, sequence: -1 },
      partialFilterExpression: { state: 'dropped' },
    },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
};

/** Returns their names as text; `undefined` if none is missing. */
export async function findMissingIndexes(db: Db): Promise<string | undefined> {
  const missing = await Promise.all(
    Object.entries(indexes).map(async ([collection, descriptions]) => {
      if (descriptions.length === 0) return [];
      const names = await listIndexNames(db, collection);
      return descriptions.flatMap(({ name = '' }) => (names.includes(name) ? [] : [`${collection}.${name}`]));
    }),
  );
  const found = missing.flat();
  return found.length === 0 ? undefined : `missing: ${found.join(', ')}`;
}

async function listIndexNames(db: Db, collection: string): Promise<string[]> {
  try {
    return (await db.collection(collection).indexes()).map(({ name }) => name ?? '');
  } catch (error) {
    if (error instanceof MongoServerError && error.code === namespaceNotFound) return [];
    throw error;
  }
}

export async function ensureIndexes(db: Db): Promise<void> {
  for (const [collection, descriptions] of Object.entries(indexes)) {
    if (descriptions.length > 0) await db.collection(collection).createIndexes(descriptions);
  }
}
