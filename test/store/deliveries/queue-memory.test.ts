import { afterEach, expect, test, vi } from 'vitest';
import { createQueueMemory } from '../../../src/store/deliveries/queue-memory.ts';
import { deliveryOf } from '../../support/delivery-of.ts';

afterEach(() => vi.restoreAllMocks());

const createMemory = () => createQueueMemory({ listen: () => {} });
const pending = Array.from({ length: 200 }, (_, index) => deliveryOf(`evt_${index}`));

test('a read that fails is not tracked any more', async () => {
  const memory = createMemory();
  const untrack = vi.spyOn(Map.prototype, 'delete');
  const failed = memory.read(
    'T1:C1',
    () => Promise.reject(new Error('the database is away')),
    () => ({}),
  );
  await expect(failed).rejects.toThrow('the database is away');
  expect(untrack).toHaveBeenCalledWith('T1:C1');
});

test('all queues together are kept up to a maximum, and again once others are shorter', async () => {
  const memory = createMemory();
  const read = (channelId: string, found = pending) =>
    memory.read(
      channelId,
      async () => found,
      () => ({ pending: found }),
    );
  for (let index = 0; index < 250; index++) await read(`T1:C${index}`);
  expect(memory.pendingOf('T1:C249')).toHaveLength(200);
  expect(await read('T1:more')).toHaveLength(200);
  expect(memory.pendingOf('T1:more')).toBeUndefined();

  memory.forget(['T1:C0']);
  await read('T1:more');
  expect(memory.pendingOf('T1:more')).toHaveLength(200);
  await read('T1:C0');
  expect(memory.pendingOf('T1:C0')).toBeUndefined();
});
