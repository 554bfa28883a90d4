import type { Fault } from '../../sandbox/slack/faults.ts';
import { leaseTtlMs } from '../../src/delivery/lease-manager.ts';
import type { FaultLevel } from './options.ts';
import { createRandom, type Random } from './random.ts';

/** Including the time until others look for it: a process is stopped for longer than that. */
export const leaseMs = leaseTtlMs + 5000;

/** No new fault starts at the end of the load, so that recovery can be seen. */
const quietEndMs = 20_000;

/**
 * `maxRow` is the maximum number of requests in a row: after three failures the app retries within 40 s, after four it does not.
 */
const slackFaults: Record<string, { fault: (random: Random) => Fault; maxRow: number }> = {
  'answers 500': { fault: () => ({ status: 500 }), maxRow: 2 },
  'answers 429': { fault: (random) => ({ status: 429, retryAfter: random.between(1, 3) }), maxRow: 3 },
  'cut before taken': { fault: () => ({ reset: 'before' }), maxRow: 2 },
  'cut after taken': { fault: () => ({ reset: 'after' }), maxRow: 2 },
  'silent, not taken': { fault: () => ({ hang: 'before' }), maxRow: 1 },
  'silent, taken': { fault: () => ({ hang: 'after' }), maxRow: 1 },
  slow: { fault: (random) => ({ delay: random.between(300, 3000) }), maxRow: 3 },
};

/** `at` is milliseconds after the load began. */
export type PlannedFault = { at: number } & (
  | { kind: 'kill'; slot: number; forMs: number }
  | { kind: 'stop'; slot: number; forMs: number }
  | { kind: 'cut'; forMs: number }
  | { kind: 'slack'; name: string; fault: Fault; channelIds: string[]; times: number }
);

/** Between two faults of a kind: minimum and maximum. Milliseconds. */
type Gaps = { process: [number, number]; cut: [number, number]; slack: [number, number] };
const gaps: Record<Exclude<FaultLevel, 'none'>, Gaps> = {
  usual: { process: [10_000, 30_000], cut: [20_000, 40_000], slack: [2000, 6000] },
  few: { process: [40_000, 80_000], cut: [90_000, 120_000], slack: [10_000, 20_000] },
};

/** In order of time; depends only on the seed and the options. */
export function makePlan(options: {
  seed: number;
  loadMs: number;
  slots: number;
  channelIds: readonly string[];
  faults: FaultLevel;
  /** The database is separate from the processes and can be cut off. */
  canCut: boolean;
}): PlannedFault[] {
  if (options.faults === 'none') return [];
  const random = createRandom(options.seed);
  const { process, cut, slack } = gaps[options.faults];
  const end = options.loadMs - quietEndMs;
  const plan: PlannedFault[] = [];
  // Whatever the seed, one process is stopped for longer than a lease, and every other one is killed.
  const first = random.between(0, options.slots - 1);
  for (let slot = 0; slot < options.slots; slot++) {
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
  if (options.canCut)
    plan.push(...row(random, end, cut, (at) => ({ kind: 'cut', at, forMs: random.between(3000, 8000) })));
  plan.push(...row(random, end, slack, (at) => planSlackFault(random, at, options.channelIds)));
  return plan.sort((a, b) => a.at - b.at);
}

/** Each begins a gap after the previous one has ended. */
function row(
  random: Random,
  end: number,
  [minGap, maxGap]: [number, number],
  next: (at: number, index: number) => PlannedFault,
): PlannedFault[] {
  const found: PlannedFault[] = [];
  let at = random.between(minGap, maxGap);
  for (let index = 0; at < end; index++) {
    const fault = next(at, index);
    const over = at + ('forMs' in fault ? fault.forMs : 0);
    if (over <= end) found.push(fault);
    at = over + random.between(minGap, maxGap);
  }
  return found;
}

function planSlackFault(random: Random, at: number, channelIds: readonly string[]): PlannedFault {
  const [name, { fault, maxRow }] = random.pick(Object.entries(slackFaults));
  return {
    kind: 'slack',
    at,
    name,
    fault: fault(random),
    channelIds: random.some(channelIds, random.between(1, 3)),
    times: random.between(1, maxRow),
  };
}
