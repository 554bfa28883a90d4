import type { Db } from 'mongodb';
import { isDuplicateKey } from './bulk.ts';

/** A single-use token that was used. `begunBy` is set until what was started with it is finished. */
type UsedTokenDocument = { _id: string; expiresAt: Date; begunBy?: string };

export type UsedTokenStore = ReturnType<typeof createUsedTokenStore>;

/** The collection `usedTokens`: single-use tokens, until they would have expired anyway. */
export function createUsedTokenStore(db: Db) {
  const tokens = db.collection<UsedTokenDocument>('usedTokens');
  const key = (kind: string, id: string) => `${kind} ${id}`;

  async function insert(token: UsedTokenDocument): Promise<boolean> {
    try {
      await tokens.insertOne(token);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  return {
    /**
     * Uses up a token, across all processes.
     * @param kind the token's purpose, such as `oauth state`
     * @returns whether this is its first use
     */
    use: (kind: string, id: string, expiresAt: Date): Promise<boolean> =>
      insert({ _id: key(kind, id), expiresAt }),

    /**
     * Uses up a token for something that may be interrupted: whoever started with it may start again until it is
     * finished.
     * @param begunBy identifies who starts, and what
     * @returns whether they may
     */
    async begin(kind: string, id: string, expiresAt: Date, begunBy: string): Promise<boolean> {
      const _id = key(kind, id);
      if (await insert({ _id, expiresAt, begunBy })) return true;
      return (await tokens.findOne({ _id, begunBy }, { projection: { _id: 1 } })) !== null;
    },

    /** Records that what was started with a token is finished: nobody may start with it again. */
    async finish(kind: string, id: string): Promise<void> {
      await tokens.updateOne({ _id: key(kind, id) }, { $unset: { begunBy: '' } });
    },

    /** The same for all that somebody began. */
    async finishBegunBy(begunBy: string): Promise<void> {
      await tokens.updateMany({ begunBy }, { $unset: { begunBy: '' } });
    },
  };
}
