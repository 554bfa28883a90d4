import type { Db } from 'mongodb';
import { isDuplicateKey } from './bulk.ts';

/** A token that works once and was used. */
type UsedTokenDocument = { _id: string; expiresAt: Date };

export type UsedTokenStore = ReturnType<typeof createUsedTokenStore>;

/** The collection `usedTokens`: what must not work a second time, until it would have expired anyway. */
export function createUsedTokenStore(db: Db) {
  const tokens = db.collection<UsedTokenDocument>('usedTokens');

  return {
    /**
     * Uses up a token, in all processes at once.
     *
     * @param kind what it is for, such as `oauth state`
     * @returns whether this is the first time
     */
    async use(kind: string, id: string, expiresAt: Date): Promise<boolean> {
      try {
        await tokens.insertOne({ _id: `${kind} ${id}`, expiresAt });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}
