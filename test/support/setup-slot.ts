import type { Db } from 'mongodb';
import { createFairLimit } from '../../src/lib/fair-limit.ts';
import { setupSender } from './setup-sender.ts';

/** A channel whose workspace has one slot, which another message takes until `freeSlot` is called. */
export async function setupSlot(db: Db) {
  const { channels, channelId, clock, deliveries } = await setupSender(db, []);
  const slots = createFairLimit(2);
  let free = () => {};
  const other = slots('T1', () => new Promise<void>((resolve) => (free = resolve)));
  return {
    channels,
    channelId,
    clock,
    deliveries,
    slots,
    async freeSlot() {
      free();
      await other;
    },
    /** The same read, which takes two seconds. */
    slowly:
      <T>(read: (id: string) => Promise<T>) =>
      async (id: string): Promise<T> => {
        const found = await read(id);
        await clock.advance(2000);
        return found;
      },
  };
}
