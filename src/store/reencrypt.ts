import type { Db } from 'mongodb';
import { AppError } from '../lib/errors.ts';
import { webhookOwner } from './channels/document.ts';
import { tokenOwner } from './installations.ts';
import type { Encrypted, Keyring } from './keyring.ts';

const toWebhookOwner = (_id: string, connectedAt: Date) => webhookOwner({ _id, connectedAt });
const toTokenOwner = (_id: string, installedAt: Date) => tokenOwner({ _id, installedAt });

const places = [
  {
    what: 'webhook URL',
    collection: 'channels',
    field: 'webhookUrl',
    since: 'connectedAt',
    owner: toWebhookOwner,
  },
  {
    what: 'bot token',
    collection: 'installations',
    field: 'bot.token',
    since: 'installedAt',
    owner: toTokenOwner,
  },
] as const;

/** Number of re-encrypted values, and the ids of documents that no key decrypts. */
export type ReencryptResult = { what: string; reencrypted: number; undecryptable: string[] };

/** The app may run meanwhile: what it changes between a read and a write is kept and checked again. */
export async function reencryptAll(db: Db, keyring: Keyring): Promise<ReencryptResult[]> {
  const done: ReencryptResult[] = [];
  for (const place of places) {
    let reencrypted = 0;
    let pass = await reencryptOnce(db, keyring, place);
    while (pass.found > 0) {
      reencrypted += pass.reencrypted;
      pass = await reencryptOnce(db, keyring, place);
    }
    done.push({ what: place.what, reencrypted, undecryptable: pass.undecryptable });
  }
  return done;
}

type EncryptedDocument = { _id: string; encrypted: Encrypted; since: Date };

async function reencryptOnce(
  db: Db,
  keyring: Keyring,
  { collection, field, since, owner }: (typeof places)[number],
): Promise<{ found: number; reencrypted: number; undecryptable: string[] }> {
  const documents = db.collection<{ _id: string }>(collection);
  const all = documents.aggregate<EncryptedDocument>([
    { $match: { [field]: { $type: 'string' } } },
    { $project: { encrypted: `$${field}`, since: `$${since}` } },
  ]);
  const pass = { found: 0, reencrypted: 0, undecryptable: [] as string[] };
  for await (const batch of inBatches(all)) {
    const updates = batch.flatMap(({ _id, encrypted, since }) => {
      const next = tryReencrypt(keyring, encrypted, owner(_id, since));
      if (next === 'unreadable') pass.undecryptable.push(_id);
      if (next === 'unreadable' || next === undefined) return [];
      return { updateOne: { filter: { _id, [field]: encrypted }, update: { $set: { [field]: next } } } };
    });
    if (updates.length === 0) continue;
    pass.found += updates.length;
    pass.reencrypted += (await documents.bulkWrite(updates, { ordered: false })).modifiedCount;
  }
  return pass;
}

function tryReencrypt(
  keyring: Keyring,
  encrypted: Encrypted,
  owner: string,
): Encrypted | 'unreadable' | undefined {
  try {
    return keyring.reencrypt(encrypted, owner);
  } catch (error) {
    if (error instanceof AppError) return 'unreadable';
    throw error;
  }
}

const batchSize = 1000;

async function* inBatches<T>(items: AsyncIterable<T>): AsyncGenerator<T[], void> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
