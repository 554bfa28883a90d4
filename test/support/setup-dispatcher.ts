import { setImmediate as tick } from 'node:timers/promises';
import pino from 'pino';
import { createDispatcher } from '../../src/delivery/dispatcher.ts';
import type { Lease, LeaseManager } from '../../src/delivery/lease-manager.ts';
import type { SendNextMessage, SendResult } from '../../src/delivery/send-next-message.ts';
import { createFakeClock } from './fake-clock.ts';

const logger = pino({ level: 'silent' });

/** A dispatcher whose sends get their results from `answers`, and are recorded as `channel@second`. */
export function setupDispatcher(
  answers: (channelId: string, at: number) => Partial<SendResult> | Error,
  concurrency = 10,
) {
  const clock = createFakeClock();
  const start = clock.now().getTime();
  const sends: string[] = [];
  const gates: (() => void)[] = [];
  let running = 0;
  let maxRunning = 0;
  let gated = false;
  const leases = {
    denied: new Set<string>(),
    /** The error of the next `acquireAll`. */
    failure: undefined as Error | undefined,
    acquired: [] as string[],
    released: [] as string[],
    /** Leases that were offered to other processes. */
    offered: [] as string[],
    /** Leases that another process wanted. */
    wanted: new Set<string>(),
  };
  const due: string[] = [];
  /** When something is due in a channel that another process recorded. */
  const dueAt = new Map<string, Date>();
  async function acquire(channelId: string): Promise<Lease | undefined> {
    leases.acquired.push(channelId);
    if (leases.denied.has(channelId)) return undefined;
    return {
      channel: {
        id: channelId,
        accountId: 'acct_demo',
        webhookUrl: '',
        rulesEpoch: 1,
        connectedAt: clock.now(),
      },
      isHeld: () => true,
      refresh: async () => true,
      update() {},
      invalidate() {},
    };
  }
  const leaseManager: LeaseManager = {
    acquire,
    async acquireAll(channels) {
      const { failure } = leases;
      leases.failure = undefined;
      if (failure !== undefined) throw failure;
      const found = new Map<string, Lease>();
      for (const { _id } of channels) {
        const lease = await acquire(_id);
        if (lease !== undefined) found.set(_id, lease);
      }
      return found;
    },
    async release({ channel }) {
      leases.released.push(channel.id);
      return leases.wanted.delete(channel.id);
    },
    async offer(channelId) {
      leases.offered.push(channelId);
    },
    invalidate() {},
    start() {},
    async stop() {},
  };
  const deliveries = {
    async findDue({ channelId }: { channelId: string }, now: Date, until: Date = now) {
      const [found] = due.splice(due.indexOf(channelId), due.includes(channelId) ? 1 : 0);
      const at = found === undefined ? dueAt.get(channelId) : now;
      return at === undefined || at > until ? {} : { own: at };
    },
  };
  const looksForHeld: boolean[] = [];
  const held: boolean[] = [];
  const sendNextMessage: SendNextMessage = async ({ channel: { id: channelId }, isHeld }, look) => {
    looksForHeld.push(look?.includeHeld ?? true);
    const at = (clock.now().getTime() - start) / 1000;
    sends.push(`${channelId}@${at}`);
    maxRunning = Math.max(maxRunning, ++running);
    await (gated ? new Promise<void>((open) => gates.push(open)) : tick());
    running--;
    held.push(isHeld());
    const answer = answers(channelId, at);
    if (answer instanceof Error) throw answer;
    return { until: clock.now(), more: false, ...answer } as SendResult;
  };
  const later = (ms: number) => new Date(clock.now().getTime() + ms);
  return {
    clock,
    sends,
    looksForHeld,
    /** Whether each send still had its lease at its end. */
    held,
    later,
    leases,
    due,
    dueAt,
    dispatcher: createDispatcher({
      leaseManager,
      sendNextMessage,
      deliveries,
      concurrency,
      clock,
      logger,
    }),
    maxRunning: () => maxRunning,
    gate: () => {
      gated = true;
    },
    openGates: async () => {
      gated = false;
      for (const open of gates.splice(0)) open();
      await tick();
    },
  };
}
