import type { Fault } from '../../sandbox/slack/faults.ts';
import { leaseTtlMs } from '../../src/delivery/lease-keeper.ts';
import type { FaultLevel } from './options.ts';
import { createRandom, type Random } from './random.ts';

/** How long a lease lasts, with the time until others look for it: a process is stopped for longer than that. */
export const leaseMs = leaseTtlMs + 5000;

/** At the end of the load nothing new goes wrong, so that what was begun can be seen to heal. */
const quietEndMs = 20_000;

/**
 * What Slack does wrong, and to how many requests in a row at most: three failed tries are made again within 40 s, a
 * fourth one is not.
 */
const slackFaults: Record<string, { fault: (random: Random) => Fault; longestRow: number }> = {
  'answers 500': { fault: () => ({ status: 500 }), longestRow: 2 },
  'answers 429': { fault: (random) => ({ status: 429, retryAfter: random.between(1, 3) }), longestRow: 3 },
  'cut before taken': { fault: () => ({ reset: 'before' }), longestRow: 2 },
  'cut after taken': { fault: () => ({ reset: 'after' }), longestRow: 2 },
  'silent, not taken': { fault: () => ({ hang: 'before' }), longestRow: 1 },
  'silent, taken': { fault: () => ({ hang: 'after' }), longestRow: 1 },
  slow: { fault: (random) => ({ delay: random.between(300, 3000) }), longestRow: 3 },
};

/** Something that goes wrong, `at` milliseconds after the load began. */
export type Disturbance = { at: number } & (
  | { kind: 'kill'; slot: number; forMs: number }
  | { kind: 'stop'; slot: number; forMs: number }
  | { kind: 'cut'; forMs: number }
  | { kind: 'slack'; name: string; fault: Fault; channelIds: string[]; times: number }
);

/** How long it goes well between two disturbances of a kind, from and to, in milliseconds. */
type Gaps = { process: [number, number]; cut: [number, number]; slack: [number, number] };
const gaps: Record<Exclude<FaultLevel, 'none'>, Gaps> = {
  usual: { process: [10_000, 30_000], cut: [20_000, 40_000], slack: [2000, 6000] },
  few: { process: [40_000, 80_000], cut: [90_000, 120_000], slack: [10_000, 20_000] },
};

/** Everything that goes wrong in a run, in order of time: a function of the seed and of what there is. */
export function makePlan(given: {
  seed: number;
  loadMs: number;
  slots: number;
  channelIds: readonly string[];
  faults: FaultLevel;
  /** Whether the database stands apart from the processes and can be cut off. */
  canCut: boolean;
}): Disturbance[] {
  if (given.faults === 'none') return [];
  const random = createRandom(given.seed);
  const { process, cut, slack } = gaps[given.faults];
  const end = given.loadMs - quietEndMs;
  const plan: Disturbance[] = [];
  // One process is stopped for longer than a lease and every other one killed, however the rest falls.
  const first = random.between(0, given.slots - 1);
  for (let slot = 0; slot < given.slots; slot++) {
    let wasStop = false;
    plan.push(
      ...row(random, end, process, (at, index) => {
        const isStop = index === 0 ? slot === first : !wasStop && random.chance(0.25);
        wasStop = isStop;
        return isStop
          ? { kind: 'stop', at, slot, forMs: leaseMs + random.between(500, 6000) }
          : { kind: 'kill', at, slot, forMs: random.between(200, 4000) };
      }),
    );
  }
  if (given.canCut)
    plan.push(...row(random, end, cut, (at) => ({ kind: 'cut', at, forMs: random.between(3000, 8000) })));
  plan.push(...row(random, end, slack, (at) => misbehave(random, at, given.channelIds)));
  return plan.sort((a, b) => a.at - b.at);
}

/** One thing after the other: the next begins a gap after the last has ended. */
function row(
  random: Random,
  end: number,
  [shortest, longest]: [number, number],
  next: (at: number, index: number) => Disturbance,
): Disturbance[] {
  const found: Disturbance[] = [];
  let at = random.between(shortest, longest);
  for (let index = 0; at < end; index++) {
    const disturbance = next(at, index);
    const over = at + ('forMs' in disturbance ? disturbance.forMs : 0);
    if (over <= end) found.push(disturbance);
    at = over + random.between(shortest, longest);
  }
  return found;
}

function misbehave(random: Random, at: number, channelIds: readonly string[]): Disturbance {
  const [name, { fault, longestRow }] = random.pick(Object.entries(slackFaults));
  return {
    kind: 'slack',
    at,
    name,
    fault: fault(random),
    channelIds: random.some(channelIds, random.between(1, 3)),
    times: random.between(1, longestRow),
  };
}
