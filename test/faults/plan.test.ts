import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leaseMs, makePlan } from './plan.ts';

const fixture = {
  loadMs: 150_000,
  slots: 2,
  channelIds: ['C1', 'C2', 'C3'],
  faults: 'usual',
  canCut: true,
} as const;

describe('the plan', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(makePlan({ seed: 7, ...fixture })).toEqual(makePlan({ seed: 7, ...fixture }));
    expect(makePlan({ seed: 7, ...fixture })).not.toEqual(makePlan({ seed: 8, ...fixture }));
  });

  test('has kills, a stop longer than a lease, cuts and faults of Slack, whatever the seed', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const plan = makePlan({ seed, ...fixture });
        const kinds = new Set(plan.map(({ kind }) => kind));
        expect([...kinds].sort()).toEqual(['cut', 'kill', 'slack', 'stop']);
        for (const one of plan) if (one.kind === 'stop') expect(one.forMs).toBeGreaterThan(leaseMs);
      }),
    );
  });

  test('is in order of time, leaves the end undisturbed, and has one fault at a time for each process', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const plan = makePlan({ seed, ...fixture });
        expect(plan.map(({ at }) => at)).toEqual(plan.map(({ at }) => at).sort((a, b) => a - b));
        const busyUntil = new Map<number, number>();
        for (const one of plan) {
          const end = one.at + ('forMs' in one ? one.forMs : 0);
          expect(end).toBeLessThanOrEqual(130_000);
          if (!('slot' in one)) continue;
          expect(one.at).toBeGreaterThan(busyUntil.get(one.slot) ?? 0);
          busyUntil.set(one.slot, end);
        }
      }),
    );
  });

  test('cuts nothing that cannot be cut, and is empty if no faults are wanted', () => {
    expect(makePlan({ seed: 1, ...fixture, canCut: false }).filter(({ kind }) => kind === 'cut')).toEqual([]);
    expect(makePlan({ seed: 1, ...fixture, faults: 'none' })).toEqual([]);
  });
});
