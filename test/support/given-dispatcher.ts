import { setImmediate as settle } from 'node:timers/promises';
import pino from 'pino';
import { createDispatcher } from '../../src/delivery/dispatch.ts';
import type { Lease, LeaseKeeper } from '../../src/delivery/lease-keeper.ts';
import type { Turn, TurnResult } from '../../src/delivery/turn.ts';
import { createTurnedClock } from './turned-clock.ts';

const logger = pino({ level: 'silent' });

/** A dispatcher whose turns answer from a list and are written down as `channel@second`. */
export function givenDispatcher(
  answers: (channelId: string, at: number) => Partial<TurnResult> | Error,
  width = 10,
) {
  const clock = createTurnedClock();
  const start = clock.now().getTime();
  const turns: string[] = [];
  const gates: (() => void)[] = [];
  let running = 0;
  let most = 0;
  let gated = false;
  const leases = {
    denied: new Set<string>(),
    /** The next leases that are taken together fail with it. */
    failure: undefined as Error | undefined,
    taken: [] as string[],
    givenBack: [] as string[],
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
    };
  }
  const keeper: LeaseKeeper = {
    take,
    async takeAll(channels) {
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
    async giveBack({ channel }) {
      leases.givenBack.push(channel.id);
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
  const turn: Turn = async ({ channel: { id: channelId }, isHeld }, look) => {
    looked.push(look?.forHeld ?? true);
    const at = (clock.now().getTime() - start) / 1000;
    turns.push(`${channelId}@${at}`);
    most = Math.max(most, ++running);
    await (gated ? new Promise<void>((open) => gates.push(open)) : settle());
    running--;
    held.push(isHeld());
    const answer = answers(channelId, at);
    if (answer instanceof Error) throw answer;
    return { until: clock.now(), more: false, ...answer } as TurnResult;
  };
  const later = (ms: number) => new Date(clock.now().getTime() + ms);
  return {
    clock,
    turns,
    looked,
    /** Whether each turn still had its lease at its end. */
    held,
    later,
    leases,
    due,
    dispatcher: createDispatcher({ keeper, turn, deliveries, width, clock, logger }),
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
