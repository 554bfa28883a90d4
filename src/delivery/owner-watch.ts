import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { PerlyEvent } from '../domain/event.ts';
import type { Clock } from '../lib/clock.ts';
import { dayMs, hourMs } from '../lib/time.ts';
import { type OwnerStore, ownerKey, ownerKeyStart, type SeenOwner } from '../store/owners.ts';

/** An owner that was forgotten is written again. */
const maxRemembered = 20_000;

/** The limit for one day and process: an account with more does not name people as owners. */
const maxOfAccount = 2000;

export type OwnerWatch = ReturnType<typeof createOwnerWatch>;

/**
 * Records each owner once an hour and process, since another process may have deleted the account; never while
 * somebody waits for it.
 */
export function createOwnerWatch({
  owners,
  clock,
  logger,
}: {
  owners: Pick<OwnerStore, 'save'>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}) {
  // Not `max`, which would allocate the space for all of them at once.
  const remembered = new LRUCache<string, { name: string; hour: number }>({
    maxSize: maxRemembered,
    sizeCalculation: () => 1,
  });
  const counts = new Map<string, number>();
  const waiting = new Map<string, SeenOwner>();
  let day = 0;
  let writing: Promise<void> | undefined;

  function startDay(today: number): void {
    if (today === day) return;
    day = today;
    remembered.clear();
    counts.clear();
  }

  function take({ account_id: accountId, customer: { owner } }: PerlyEvent, hour: number): void {
    if (owner === undefined) return;
    const key = ownerKey(accountId, owner.id);
    const known = remembered.get(key);
    if (known?.name === owner.name && known.hour === hour) return;
    if (known?.name !== owner.name) {
      const count = counts.get(accountId) ?? 0;
      if (count >= maxOfAccount) return;
      counts.set(accountId, count + 1);
    }
    remembered.set(key, { name: owner.name, hour });
    waiting.set(key, { accountId, ...owner });
  }

  async function writeAll(): Promise<void> {
    while (waiting.size > 0) {
      const batch = [...waiting];
      waiting.clear();
      try {
        await owners.save(
          batch.map(([, owner]) => owner),
          clock.now(),
        );
      } catch (error) {
        logger.warn({ err: error }, 'owners were not recorded; the next event with them does it');
        for (const [key] of batch) remembered.delete(key);
      }
    }
    writing = undefined;
  }

  return {
    see(events: readonly PerlyEvent[]): void {
      const now = clock.now().getTime();
      startDay(Math.floor(now / dayMs));
      for (const event of events) take(event, Math.floor(now / hourMs));
      if (waiting.size > 0) writing ??= writeAll();
    },

    /** Called once the account's owners were deleted. */
    forget(accountId: string): void {
      const start = ownerKeyStart(accountId);
      for (const key of [...remembered.keys()]) if (key.startsWith(start)) remembered.delete(key);
      counts.delete(accountId);
    },

    async idle(): Promise<void> {
      await writing;
    },
  };
}
