import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { PerlyEvent } from '../domain/event.ts';
import type { Clock } from '../lib/clock.ts';
import { dayMs, hourMs } from '../lib/time.ts';
import { type OwnerStore, ownerKey, type SeenOwner } from '../store/owners.ts';

/** Maximum number of cached owners; those of an evicted account are written again. */
const maxRemembered = 20_000;

/** Maximum per account, day and process: an account with more does not name people as owners. */
const maxOfAccount = 2000;

/** `names`: how many different names of owners were recorded. */
type Account = { names: number; owners: Map<string, { name: string; hour: number }> };

export type OwnerWatch = ReturnType<typeof createOwnerWatch>;

/**
 * Records each owner once an hour and process, in the background, since another process may have deleted the
 * account.
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
  const accounts = new LRUCache<string, Account>({
    maxSize: maxRemembered,
    sizeCalculation: ({ owners: known }) => known.size,
  });
  const waiting = new Map<string, SeenOwner>();
  let day = 0;
  let writing: Promise<void> | undefined;

  function startDay(today: number): void {
    if (today === day) return;
    day = today;
    accounts.clear();
  }

  function take({ account_id: accountId, customer: { owner } }: PerlyEvent, hour: number): void {
    if (owner === undefined) return;
    const account = accounts.get(accountId) ?? { names: 0, owners: new Map() };
    const known = account.owners.get(owner.id);
    if (known?.name === owner.name && known.hour === hour) return;
    if (known?.name !== owner.name) {
      if (account.names >= maxOfAccount) return;
      account.names += 1;
    }
    account.owners.set(owner.id, { name: owner.name, hour });
    // A copy, since the cache does not calculate the size of the same value again.
    accounts.set(accountId, { ...account });
    waiting.set(ownerKey(accountId, owner.id), { accountId, ...owner });
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
        for (const [, { accountId, id }] of batch) {
          const known = accounts.peek(accountId)?.owners.get(id);
          if (known !== undefined) known.hour = Number.NEGATIVE_INFINITY;
        }
      }
    }
    writing = undefined;
  }

  return {
    record(events: readonly PerlyEvent[]): void {
      const now = clock.now().getTime();
      startDay(Math.floor(now / dayMs));
      for (const event of events) take(event, Math.floor(now / hourMs));
      if (waiting.size > 0) writing ??= writeAll();
    },

    /** Called once the account's owners were deleted. */
    forget(accountId: string): void {
      accounts.delete(accountId);
    },

    async idle(): Promise<void> {
      await writing;
    },
  };
}
