import { Collection } from 'mongodb';
import { vi } from 'vitest';

/** `markPublished` marks a channel's changes as published. */
export type Write = 'audit' | 'outgoingWebhooks' | 'markPublished';

/** Makes these writes fail until mocks are restored. @returns a function for the number of attempts */
export function failWrites(...writes: Write[]): () => number {
  let hits = 0;
  const isCut = (write: string) => writes.some((each) => each === write);
  const { insertMany, insertOne, updateOne } = Collection.prototype;
  const fail = async () => {
    hits += 1;
    throw new Error('The process is dead.');
  };
  vi.spyOn(Collection.prototype, 'insertMany').mockImplementation(function (this: Collection, ...args) {
    return isCut(this.collectionName) ? fail() : insertMany.apply(this, args);
  });
  vi.spyOn(Collection.prototype, 'insertOne').mockImplementation(function (this: Collection, ...args) {
    return isCut(this.collectionName) ? fail() : insertOne.apply(this, args);
  });
  vi.spyOn(Collection.prototype, 'updateOne').mockImplementation(function (this: Collection, ...args) {
    const isMarking = '$pull' in args[1] && this.collectionName === 'channels';
    return isMarking && isCut('markPublished') ? fail() : updateOne.apply(this, args);
  });
  return () => hits;
}
