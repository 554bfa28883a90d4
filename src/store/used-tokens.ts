import type { Db } from 'mongodb';
import { isDuplicateKey } from './bulk.ts';
import { linkKeyEnd } from './links.ts';

type UsedTokenDocument = { _id: string; expiresAt: Date; begunBy?: string };

export type UsedTokenStore = ReturnType<typeof createUsedTokenStore>;

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
    /** Counts across all processes. @returns whether this is the token's first use */
    use: (kind: string, id: string, expiresAt: Date): Promise<boolean> =>
      insert({ _id: key(kind, id), expiresAt }),

    /**
     * Begins work that may be interrupted: whoever began it may begin it again until it is finished.
     * @param begunBy identifies who began, and what
     */
    async begin(kind: string, id: string, expiresAt: Date, begunBy: string): Promise<boolean> {
      const _id = key(kind, id);
      if (await insert({ _id, expiresAt, begunBy })) return true;
      return (await tokens.findOne({ _id, begunBy }, { projection: { _id: 1 } })) !== null;
    },

    /** Ends the use of the token: nobody may begin with it again. */
    async finish(kind: string, id: string): Promise<void> {
      await tokens.updateOne({ _id: key(kind, id) }, { $unset: { begunBy: '' } });
    },

    /** @param start the beginning of the `begunBy` texts that count */
    async finishBegunWith(start: string): Promise<void> {
      await tokens.updateMany(
        { begunBy: { $type: 'string', $gte: start, $lt: `${start}\uffff` } },
        { $unset: { begunBy: '' } },
      );
    },

    /** Reads all that is begun, which is little: most work is finished at once. */
    async removeOfAccount(accountId: string): Promise<void> {
      const end = linkKeyEnd(accountId);
      for await (const { _id, begunBy } of tokens.find({ begunBy: { $type: 'string' } }))
        if (begunBy?.endsWith(end)) await tokens.updateOne({ _id }, { $unset: { begunBy: '' } });
    },

    async finishBegunBy(begunBy: string): Promise<void> {
      await tokens.updateMany({ begunBy: { $type: 'string', $eq: begunBy } }, { $unset: { begunBy: '' } });
    },
  };
}
