import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { HeldRequest } from '../../sandbox/slack/held-requests.ts';
import { createActivity } from './delivered-twice/activity.ts';
import { createAlerts } from './delivered-twice/alerts.ts';
import { createDisconnecting, createManagers, createPausing } from './delivered-twice/channels.ts';
import {
  createFixture,
  type Fixture,
  maxRunMs,
  people,
  type Step,
  type StepGroup,
} from './delivered-twice/fixture.ts';
import { createHomes } from './delivered-twice/home.ts';
import { createPeople } from './delivered-twice/people.ts';
import { recordListeners } from './delivered-twice/record-listeners.ts';
import { createRules } from './delivered-twice/rules.ts';
import { createLinking, createRemovals } from './delivered-twice/workspaces.ts';

const { listeners, settled } = recordListeners();
let fixture: Fixture;
let groups: readonly StepGroup[];

beforeAll(async () => {
  fixture = await createFixture();
  groups = [
    createLinking,
    createRemovals,
    createAlerts,
    createPausing,
    createRules,
    createManagers,
    createDisconnecting,
    createActivity,
    createHomes,
    createPeople,
  ].map((create) => create(fixture));
});
afterAll(async () => {
  await fixture.running.close();
  vi.restoreAllMocks();
});

/**
 * Steps whose requests are each sent once or twice, ordered by the keys: all at once, one after the other, or each after
 * the app has finished the previous one.
 */
type Plan = { steps: { step: Step; times: number }[]; keys: Iterable<number>; how: How };
type How = 'together' | 'in turn' | 'late';

const sent: object[] = [];

async function run({ steps: planned, keys, how }: Plan): Promise<void> {
  const { reset, running } = fixture;
  const steps = planned.map(({ step }) => step);
  await reset();
  const logged = running.logs.length;
  running.slack.refusals.length = 0;
  const requests = await prepare(steps);
  const order = keys[Symbol.iterator]();
  const deliveries = planned
    .flatMap(({ times }, index) => (requests[index] ?? []).map((request) => ({ request, times })))
    .flatMap(({ request, times }) => Array.from({ length: times }, () => request))
    .map((request) => ({ request, key: order.next().value ?? 0 }))
    .sort((one, other) => one.key - other.key)
    .map(({ request }) => request);
  await fixture.closeModals();
  const statuses = await deliver(deliveries, how);
  expect(statuses).toEqual(deliveries.map(() => 200));
  const findFaults = async () =>
    (await Promise.all(groups.map((one) => one.findFaults(of(one, steps))))).flat();
  await settled();
  // Each look reads much; what is still under way takes longer than a look.
  await expect.poll(findFaults, { interval: 250 }).toEqual([]);
  await settled();
  expect(await findFaults()).toEqual([]);
  expect(running.logs.slice(logged).filter(isFault)).toEqual([]);
}

const of = ({ kinds }: StepGroup, steps: readonly Step[]) =>
  steps.filter(({ kind }) => Object.hasOwn(kinds, kind));

async function prepare(steps: readonly Step[]): Promise<HeldRequest[][]> {
  const requests = new Map<Step, HeldRequest[]>();
  for (const group of groups) {
    const own = of(group, steps);
    await group.setup?.(own);
    for (const step of own) requests.set(step, (await group.kinds[step.kind]?.(step)) ?? []);
  }
  return steps.map((step) => requests.get(step) ?? []);
}

async function deliver(deliveries: readonly HeldRequest[], how: How): Promise<number[]> {
  sent.push(...deliveries.map(({ payload }) => payload));
  if (how === 'together') return Promise.all(deliveries.map(async (one) => (await one.send()).status));
  const statuses: number[] = [];
  for (const one of deliveries) {
    statuses.push((await one.send()).status);
    if (how === 'late') {
      await settled();
      await fixture.closeModals();
    }
  }
  return statuses;
}

/**
 * Slack shows a person one modal at a time: of two clicks at once, one fails. A click has five answers, however often
 * it is sent.
 */
function isFault(line: string): boolean {
  const { level, msg } = JSON.parse(line);
  // The log says what Slack answered or, from Bolt, only the status.
  const isUsedUp = /: used_url$|response_url: 404 Not Found$/.test(msg);
  if (!['error', 'fatal'].includes(level) || isUsedUp) return false;
  const invalid = fixture.running.slack.refusals.filter(({ error }) => error === 'invalid_arguments');
  const isSecondModal = invalid.every(({ message }) => message.startsWith('a modal is open'));
  const ofRefusal = /^a modal is open|invalid_arguments$|after ack\(\) called in a listener$/;
  return !(invalid.length > 0 && isSecondModal && ofRefusal.test(msg));
}

const allKinds = () => groups.flatMap(({ kinds }) => Object.keys(kinds));

beforeEach(() => {
  sent.length = 0;
});

test.each(['together', 'in turn', 'late'] as const)('everything, twice: %s', async (how) => {
  const steps = allKinds().flatMap((kind) =>
    [3, 0, 1, 2].map((target) => ({ step: { kind, who: people.dana, target, variant: target }, times: 2 })),
  );
  await run({ steps, keys: [], how });
  const unsent = listeners.filter(({ listensTo }) => !sent.some(listensTo));
  expect(unsent.map(({ name }) => name)).toEqual([]);
});

test('whatever is delivered twice, out of order or late, takes effect once', async () => {
  const step = fc.record({
    kind: fc.constantFrom(...allKinds()),
    who: fc.constantFrom(...Object.values(people)),
    target: fc.nat(20),
    variant: fc.nat(3),
  });
  const planned = fc.record({ step, times: fc.integer({ min: 1, max: 2 }) });
  const plan = fc.record({
    steps: fc.array(planned, { minLength: 1, maxLength: 10 }),
    keys: fc.infiniteStream(fc.nat()),
    how: fc.constantFrom<How>('together', 'in turn', 'late'),
  });
  await fc.assert(fc.asyncProperty(plan, run), {
    seed: 16,
    numRuns: 24,
    timeout: maxRunMs,
    // Shrinking would take too long; the plan itself is readable.
    endOnFailure: true,
  });
});
