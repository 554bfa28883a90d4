import { describe, expect, test } from 'vitest';
import { createMemoryLeases } from '../../src/store/memory-leases.ts';

const id = 'T1:C1';

describe('leases in memory', () => {
  test('one of many holders gets a lease, and the same one gets it again', async () => {
    const leases = createMemoryLeases();
    expect(await leases.of('workers').acquire(id)).toBe(true);
    expect(await leases.of('workers').acquire(id)).toBe(true);
    expect(await leases.of('lock').acquire(id)).toBe(false);
    expect(await leases.of('lock').acquireAll([id, 'T1:C2'])).toEqual(new Set(['T1:C2']));
    expect(leases.count()).toBe(2);
  });

  test('a lease is free once its holder released it, and nobody else can release it', async () => {
    const leases = createMemoryLeases();
    await leases.of('workers').acquire(id);
    await leases.of('lock').release([id]);
    expect(await leases.of('lock').listFree([id, 'T1:C2'])).toEqual(['T1:C2']);
    expect(await leases.of('workers').release([id])).toBe(false);
    expect(await leases.of('lock').listFree([id])).toEqual([id]);
    expect(await leases.of('lock').acquire(id)).toBe(true);
    expect(await leases.of('workers').acquire(id)).toBe(false);
    expect(await leases.of('lock').release([id])).toBe(true);
  });

  test('a lease lasts until it is released', async () => {
    const leases = createMemoryLeases();
    await leases.of('workers').acquire(id);
    expect(await leases.of('workers').renew([id, 'T1:C2'])).toEqual(new Set([id]));
    expect(await leases.of('lock').renew([id])).toEqual(new Set());
    expect(await leases.of('lock').listAbandoned()).toEqual([]);
  });
});
