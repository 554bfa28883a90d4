import { setImmediate as settle } from 'node:timers/promises';
import pino from 'pino';
import { createDispatcher } from '../../src/delivery/dispatcher.ts';
import type { Lease, LeaseManager } from '../../src/delivery/lease-manager.ts';
import type { SendNextMessage, SendResult } from '../../src/delivery/send-next-message.ts';
import { createFakeClock } from './fake-clock.ts';

const logger = pino({ level: 'silent' });

/** Its sends answer from a list and are recorded as `channel@second`. */
export function setupDispatcher(
  answers: (channelId: string, at: number) => Partial<SendResult> | Error,
  width = 10,
) {
  const clock = createFakeClock();
  const start = clock.now().getTime();
  const turns: string[] = [];
  const gates: (() => void)[] = [];
  let running = 0;
  let most = 0;
  let gated = false;
  const leases = {
    denied: new Set<string>(),
    /** Fails the next leases that are acquired together. */
    failure: undefined as Error | undefined,
    taken: [] as string[],
    released: [] as string[],
    /** Left to other processes. */
    offered: [] as string[],
    /** Leases that another process wanted. */
    wanted: new Set<string>(),
  };
  const due: string[] = [];
  async function take(channelId: string): Promise<Lease | undefined> {
    leases.taken.push(channelId);
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
      learn() {},
      invalidate() {},
    };
  }
  const leaseManager: LeaseManager = {
    acquire: take,
    async acquireAll(channels) {
      const { failure } = leases;
      leases.failure = undefined;
      if (failure !== undefined) throw failure;
      const found = new Map<string, Lease>();
      for (const { _id } of channels) {
        const lease = await take(_id);
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
    start() {},
    async stop() {},
  };
  const deliveries = {
    async findDue({ channelId }: { channelId: string }) {
      const [found] = due.splice(due.indexOf(channelId), due.includes(channelId) ? 1 : 0);
      return found === undefined ? undefined : ('own' as const);
    },
  };
  const looked: boolean[] = [];
  const held: boolean[] = [];
  const sendNextMessage: SendNextMessage = async ({ channel: { id: channelId }, isHeld }, look) => {
    looked.push(look?.includeHeld ?? true);
    const at = (clock.now().getTime() - start) / 1000;
    turns.push(`${channelId}@${at}`);
    most = Math.max(most, ++running);
    await (gated ? new Promise<void>((open) => gates.push(open)) : settle());
    running--;
    held.push(isHeld());
    const answer = answers(channelId, at);
    if (answer instanceof Error) throw answer;
    return { until: clock.now(), more: false, ...answer } as SendResult;
  };
  const later = (ms: number) => new Date(clock.now().getTime() + ms);
  return {
    clock,
    turns,
    looked,
    /** Whether each send still had its lease at its end. */
    held,
    later,
    leases,
    due,
    dispatcher: createDispatcher({
      leaseManager,
      sendNextMessage,
      deliveries,
      concurrency: width,
      clock,
      logger,
    }),
    most: () => most,
    gate: () => {
      gated = true;
    },
    openGates: async () => {
      gated = false;
      for (const open of gates.splice(0)) open();
      await settle();
    },
  };
}
