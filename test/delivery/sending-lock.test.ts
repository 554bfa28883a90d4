import pino from 'pino';
import { expect, test } from 'vitest';
import { createSendingLock } from '../../src/delivery/sending-lock.ts';
import { createFakeClock } from '../support/fake-clock.ts';

/** As in the database: a holder can acquire its own lease again. */
function createLeases() {
  const holders = new Map<string, string>();
  return (holder: string) => ({
    async acquire(id: string) {
      if (!holders.has(id)) holders.set(id, holder);
      return holders.get(id) === holder;
    },
    async release([id = '']: readonly string[]) {
      if (holders.get(id) === holder) holders.delete(id);
      return false;
    },
    async offer() {},
  });
}

test.each([1, 3])(
  'of 100 concurrent messages to a channel from %i processes, one per second gets its turn',
  async (processes) => {
    const clock = createFakeClock();
    const start = clock.monotonic();
    const leasesOf = createLeases();
    const woken: string[] = [];
    const locks = Array.from({ length: processes }, (_, index) =>
      createSendingLock({
        leases: leasesOf(`process ${index}`),
        invalidate() {},
        wake: (ids) => woken.push(...ids),
        clock,
        logger: pino({ level: 'silent' }),
      }),
    );
    const alone: number[] = [];
    let busy = 0;
    const asked = Array.from({ length: 100 }, (_, index) =>
      locks[index % processes]?.withSendingPaused('C1', async (acquired) => {
        if (acquired) alone.push(clock.monotonic() - start);
        else busy += 1;
      }),
    );
    await clock.advance(10_000);
    await Promise.all(asked);
    expect(alone).toEqual([0, 1000, 2000, 3000]);
    expect(busy).toBe(96);
    expect(woken).toHaveLength(100);
  },
);

test('a channel whose work failed, or whose lease could not be requested, gets its next turn a second later', async () => {
  const clock = createFakeClock();
  const lease = createLeases()('process');
  let faults = 1;
  const sendingLock = createSendingLock({
    leases: {
      ...lease,
      acquire: (id) => (faults-- > 0 ? Promise.reject(new Error('away')) : lease.acquire(id)),
    },
    invalidate() {},
    wake() {},
    clock,
    logger: pino({ level: 'silent' }),
  });
  await expect(sendingLock.withSendingPaused('C1', async () => 'posted')).rejects.toThrow('away');
  await expect(
    sendingLock.withSendingPaused('C1', () => Promise.reject(new Error('failed'))),
  ).rejects.toThrow('failed');
  const next = sendingLock.withSendingPaused('C1', async (acquired) => acquired);
  await clock.advance(1000);
  expect(await next).toBe(true);
});

test.each([
  { isWanted: true, offered: ['C1'], woken: [] },
  { isWanted: false, offered: [], woken: ['C1'] },
])('at the stop, a channel is left to others if they wanted it: $isWanted', async (expected) => {
  const clock = createFakeClock();
  const offered: string[] = [];
  const woken: string[] = [];
  const sendingLock = createSendingLock({
    leases: {
      acquire: async () => true,
      release: async () => expected.isWanted,
      offer: async (ids) => void offered.push(...ids),
    },
    invalidate() {},
    wake: (ids) => woken.push(...ids),
    clock,
    logger: pino({ level: 'silent' }),
  });
  await sendingLock.withSendingPaused('C1', async () => undefined);
  await sendingLock.stop();
  expect({ offered, woken }).toEqual({ offered: expected.offered, woken: expected.woken });
});
