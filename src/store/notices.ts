import type { Db } from 'mongodb';

/** Something that Perly is to be told. `_id` is the message's id, the same at every try. */
export type NoticeDocument = {
  _id: string;
  channelId: string;
  accountId: string;
  /** Its place among the notices of its channel. */
  sequence: number;
  /** The JSON that is posted. */
  body: string;
  /** Tries that failed. */
  attempts: number;
  nextAttemptAt: Date;
  createdAt: Date;
};

export type NoticeStore = ReturnType<typeof createNoticeStore>;

/** The collection `notices`: an outbox, from which a notice goes when Perly has it, or when it was given up. */
export function createNoticeStore(db: Db) {
  const notices = db.collection<NoticeDocument>('notices');

  return {
    async add(notice: NoticeDocument): Promise<void> {
      await notices.insertOne(notice);
    },

    /** What Perly is to be told next of a channel, due or not. */
    async findNext(channelId: string): Promise<NoticeDocument | undefined> {
      return (await notices.findOne({ channelId }, { sort: { sequence: 1 } })) ?? undefined;
    },

    async postpone(id: string, nextAttemptAt: Date): Promise<void> {
      await notices.updateOne({ _id: id }, { $set: { nextAttemptAt }, $inc: { attempts: 1 } });
    },

    async remove(id: string): Promise<void> {
      await notices.deleteOne({ _id: id });
    },

    async removeOfAccount(accountId: string): Promise<void> {
      await notices.deleteMany({ accountId });
    },

    /** The channels of which Perly is to be told something. */
    listChannels: (): Promise<string[]> => notices.distinct('channelId'),
  };
}
