import type { Db } from 'mongodb';
import { hourMs } from '../lib/time.ts';
import { deleteById } from './bulk.ts';

/** The numbers of pages start at 0. */
type HomeViewerDocument = {
  _id: string;
  teamId: string;
  userId: string;
  page: number;
  openedAt: Date;
  expiresAt: Date;
};

export type HomeViewer = Pick<HomeViewerDocument, 'teamId' | 'userId' | 'page'>;

export type HomeViewerStore = ReturnType<typeof createHomeViewerStore>;

/** A Home opened longer ago is not kept up to date; opening it again renders it. */
const viewerTtlMs = 12 * hourMs;

const onlyViewer = { projection: { _id: 0, teamId: 1, userId: 1, page: 1 } } as const;

export function createHomeViewerStore(db: Db) {
  const viewers = db.collection<HomeViewerDocument>('homeViewers');

  return {
    async save({ teamId, userId, page }: HomeViewer, now: Date): Promise<void> {
      const expiresAt = new Date(now.getTime() + viewerTtlMs);
      await viewers.replaceOne(
        { _id: `${teamId}:${userId}` },
        { teamId, userId, page, openedAt: now, expiresAt },
        { upsert: true },
      );
    },

    async remove({ teamId, userId }: Pick<HomeViewer, 'teamId' | 'userId'>): Promise<void> {
      await deleteById(viewers, { _id: `${teamId}:${userId}` });
    },

    async removeOfTeam(teamId: string, until: Date): Promise<void> {
      await viewers.deleteMany({ teamId, openedAt: { $not: { $gt: until } } });
    },

    async find(teamId: string, userId: string): Promise<HomeViewer | undefined> {
      return (await viewers.findOne({ _id: `${teamId}:${userId}` }, onlyViewer)) ?? undefined;
    },

    listLatest(teamId: string, now: Date, limit: number): Promise<HomeViewer[]> {
      return viewers
        .find({ teamId, expiresAt: { $gt: now } }, { sort: { openedAt: -1 }, limit, ...onlyViewer })
        .toArray();
    },
  };
}
