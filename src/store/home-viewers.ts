import type { Db } from 'mongodb';
import { hourMs } from '../lib/time.ts';
import { deleteById } from './bulk.ts';

/**
 * Who opened the App Home lately, and which page of it they look at (from 0). `_id` is the workspace's and the
 * user's.
 */
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

/** A Home that was opened longer ago than this is not kept up to date: opening it again does that. */
const lookMs = 12 * hourMs;

const onlyViewer = { projection: { _id: 0, teamId: 1, userId: 1, page: 1 } } as const;

/** The collection `homeViewers`: whose Homes are to follow a change, whichever process makes it. */
export function createHomeViewerStore(db: Db) {
  const viewers = db.collection<HomeViewerDocument>('homeViewers');

  return {
    /** Remembers that somebody looks at a page of Home. */
    async save({ teamId, userId, page }: HomeViewer, now: Date): Promise<void> {
      const expiresAt = new Date(now.getTime() + lookMs);
      await viewers.replaceOne(
        { _id: `${teamId}:${userId}` },
        { teamId, userId, page, openedAt: now, expiresAt },
        { upsert: true },
      );
    },

    /** Forgets somebody whom Slack does not let the app show Home. */
    async remove({ teamId, userId }: Pick<HomeViewer, 'teamId' | 'userId'>): Promise<void> {
      await deleteById(viewers, { _id: `${teamId}:${userId}` });
    },

    /** @param until whoever opened Home later stays */
    async removeOfTeam(teamId: string, until: Date): Promise<void> {
      await viewers.deleteMany({ teamId, openedAt: { $not: { $gt: until } } });
    },

    /** Which page somebody looks at; `undefined` when they did not open Home. */
    async find(teamId: string, userId: string): Promise<HomeViewer | undefined> {
      return (await viewers.findOne({ _id: `${teamId}:${userId}` }, onlyViewer)) ?? undefined;
    },

    /** Who of a workspace opened Home last, the latest first. */
    listLatest(teamId: string, now: Date, limit: number): Promise<HomeViewer[]> {
      return viewers
        .find({ teamId, expiresAt: { $gt: now } }, { sort: { openedAt: -1 }, limit, ...onlyViewer })
        .toArray();
    },
  };
}
