import type { Db } from 'mongodb';
import { isDuplicateKey } from './bulk.ts';

/** A token that works once and was used. `begunBy` is set until what was begun with it has been done. */
type UsedTokenDocument = { _id: string; expiresAt: Date; begunBy?: string };

export type UsedTokenStore = ReturnType<typeof createUsedTokenStore>;

/** The collection `usedTokens`: what must not work a second time, until it would have expired anyway. */
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
     * Uses up a token, in all processes at once.
     *
     * @param kind what it is for, such as `oauth state`
     * @returns whether this is the first time
     */
    use: (kind: string, id: string, expiresAt: Date): Promise<boolean> =>
      insert({ _id: key(kind, id), expiresAt }),

    /**
     * Uses up a token for something that may be cut off: whoever began with it may begin again until it is finished.
     *
     * @param begunBy names who begins, and what
     * @returns whether they may
     */
    async begin(kind: string, id: string, expiresAt: Date, begunBy: string): Promise<boolean> {
      const _id = key(kind, id);
      if (await insert({ _id, expiresAt, begunBy })) return true;
      return (await tokens.findOne({ _id, begunBy }, { projection: { _id: 1 } })) !== null;
    },

    /** Says that what was begun with a token is done: nobody begins with it again. */
    async finish(kind: string, id: string): Promise<void> {
      await tokens.updateOne({ _id: key(kind, id) }, { $unset: { begunBy: '' } });
    },

    /** The same for all that somebody began. */
    async finishBegunBy(begunBy: string): Promise<void> {
      await tokens.updateMany({ begunBy }, { $unset: { begunBy: '' } });
    },
  };
}
