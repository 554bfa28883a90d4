import type { Db } from 'mongodb';
import { AppError } from '../errors.ts';
import { webhookOwner } from './channel-document.ts';
import { inBatches } from './in-batches.ts';
import { tokenOwner } from './installations.ts';
import type { Keyring, Sealed } from './keyring.ts';

const toWebhookOwner = (_id: string, connectedAt: Date) => webhookOwner({ _id, connectedAt });
const toTokenOwner = (_id: string, installedAt: Date) => tokenOwner({ _id, installedAt });

/** Every place in the database where something sealed is kept, and what it is called. */
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

/** What was done in one place: how many were sealed anew, and the ids of the documents that no key opens. */
export type Resealed = { what: string; resealed: number; unreadable: string[] };

/**
 * Seals all that is sealed under the keyring's newest key. The app may run meanwhile: what it changes between reading
 * and writing stays as the app wrote it, and is looked at once more.
 */
export async function reseal(db: Db, keyring: Keyring): Promise<Resealed[]> {
  const done: Resealed[] = [];
  for (const place of places) {
    let resealed = 0;
    let pass = await resealOnce(db, keyring, place);
    while (pass.found > 0) {
      resealed += pass.resealed;
      pass = await resealOnce(db, keyring, place);
    }
    done.push({ what: place.what, resealed, unreadable: pass.unreadable });
  }
  return done;
}

type SealedDocument = { _id: string; sealed: Sealed; since: Date };

async function resealOnce(
  db: Db,
  keyring: Keyring,
  { collection, field, since, owner }: (typeof places)[number],
): Promise<{ found: number; resealed: number; unreadable: string[] }> {
  const documents = db.collection<{ _id: string }>(collection);
  const all = documents.aggregate<SealedDocument>([
    { $match: { [field]: { $type: 'string' } } },
    { $project: { sealed: `$${field}`, since: `$${since}` } },
  ]);
  const pass = { found: 0, resealed: 0, unreadable: [] as string[] };
  for await (const batch of inBatches(all)) {
    const updates = batch.flatMap(({ _id, sealed, since }) => {
      const next = tryReseal(keyring, sealed, owner(_id, since));
      if (next === 'unreadable') pass.unreadable.push(_id);
      if (next === 'unreadable' || next === undefined) return [];
      return { updateOne: { filter: { _id, [field]: sealed }, update: { $set: { [field]: next } } } };
    });
    if (updates.length === 0) continue;
    pass.found += updates.length;
    pass.resealed += (await documents.bulkWrite(updates, { ordered: false })).modifiedCount;
  }
  return pass;
}

function tryReseal(keyring: Keyring, sealed: Sealed, owner: string): Sealed | 'unreadable' | undefined {
  try {
    return keyring.reseal(sealed, owner);
  } catch (error) {
    if (error instanceof AppError) return 'unreadable';
    throw error;
  }
}
