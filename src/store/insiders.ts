import type { Db } from 'mongodb';
import { dayMs } from '../lib/time.ts';

type InsiderDocument = { _id: string; teamId: string; userId: string; expiresAt: Date };

type Insider = Pick<InsiderDocument, 'teamId' | 'userId'>;

export type InsiderStore = ReturnType<typeof createInsiderStore>;

/** Time for which a person stays known after opening Home or connecting a channel. */
const knownMs = 365 * dayMs;

export function createInsiderStore(db: Db) {
  const insiders = db.collection<InsiderDocument>('insiders');

  return {
    async save({ teamId, userId }: Insider, now: Date): Promise<void> {
      const expiresAt = expiryOf(now);
      await insiders.replaceOne(
        { _id: `${teamId}:${userId}` },
        { teamId, userId, expiresAt },
        { upsert: true },
      );
    },

    async has({ teamId, userId }: Insider): Promise<boolean> {
      const found = await insiders.findOne({ _id: `${teamId}:${userId}` }, { projection: { _id: 1 } });
      return found !== null;
    },

    async removeOfTeam(teamId: string, until: Date): Promise<void> {
      await insiders.deleteMany({ teamId, expiresAt: { $not: { $gt: expiryOf(until) } } });
    },
  };
}

function expiryOf(knownSince: Date): Date {
  return new Date(knownSince.getTime() + knownMs);
}
