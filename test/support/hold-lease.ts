import { randomUUID } from 'node:crypto';
import type { Db } from 'mongodb';
import { expect } from 'vitest';
import { hourMs } from '../../src/lib/time.ts';
import { createLeaseStore } from '../../src/store/leases.ts';

/**
 * Acquires a lease as another process would, once the app has released its own.
 * @param ttlMs negative for the lease of a process that died
 * @returns a function that releases it
 */
export async function holdLease(db: Db, id: string, ttlMs = hourMs): Promise<() => Promise<unknown>> {
  const leases = createLeaseStore(db, { holder: `another ${randomUUID()}`, ttlMs });
  await expect.poll(() => leases.acquire(id)).toBe(true);
  return () => leases.release([id]);
}
