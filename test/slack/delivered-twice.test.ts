import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HeldRequest } from '../../sandbox/slack/held-requests.ts';
import { globex, sharingTeam } from '../../sandbox/slack/organisations.ts';
import { dayMs } from '../../src/lib/time.ts';
import { createHomeDriver } from '../support/home-driver.ts';
import { eventOf } from '../support/named-events.ts';
import { postTogether } from '../support/post-together.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
const dana = createHomeDriver(() => running, 'dana');
const people = { dana: 'U0DANA00001', milo: 'U0MILO00002', gus: 'U0GUEST0001', olga: 'U0OLGA00001' };
const insiders = [people.dana, people.milo, people.gus];

beforeAll(async () => {
  running = await startTestApp({ slack: { teams: [sharingTeam, globex], enforceRate: false } });
  await running.connect('#acme-globex', 'acct_demo');
});
afterAll(() => running.close());

const who = fc.constantFrom(...Object.values(people));
const alert = fc.integer({ min: 0, max: 2 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('acknowledge' as const), who, alert }),
  fc.record({
    kind: fc.constant('mute' as const),
    who,
    alert,
    period: fc.constantFrom('day', 'week', 'month'),
  }),
  fc.record({ kind: fc.constant('home' as const), who }),
  fc.record({ kind: fc.constant('pause' as const) }),
  fc.record({ kind: fc.constant('resume' as const) }),
  fc.record({ kind: fc.constant('edit rules' as const) }),
  fc.record({ kind: fc.constant('old uninstall' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const channels = () => running.db.collection('channels');
const days: Record<string, number> = { day: 1, week: 7, month: 30 };

let round = 0;

/** Posts three alerts in one message. @returns its `ts` and the ids of their customers */
async function setup(): Promise<{ ts: string; customers: string[] }> {
  round += 1;
  for (const name of ['mutes', 'audit']) await running.db.collection(name).deleteMany({});
  await channels().updateMany({}, { $set: { pausedUntil: null, managers: [people.dana] } });
  running.slack.refusals.length = 0;
  const events = [0, 1, 2].map((index) => eventOf(`Round${round}x${index}`));
  // Not what people alone are told of clicks.
  const posted = () =>
    running.slack.messages('#acme-globex').filter(({ webhookId }) => webhookId !== undefined);
  const before = posted().length;
  await postTogether(running, '#acme-globex', events);
  await running.slack.waitForMessages(() => posted().length > before);
  return { ts: posted().at(-1)?.ts ?? '', customers: events.map(({ customer }) => customer.id) };
}

/** What Slack sends for a step. Nothing of it has reached the app yet. */
async function requestsOf(steps: readonly Step[], ts: string): Promise<HeldRequest[]> {
  const { slack } = running;
  await closeModals();
  await channels().updateMany({}, { $set: { pausedUntil: 'until_resumed' } });
  await dana.open('Resume');
  const resume = await holding(() =>
    slack.click({ user: people.dana, on: 'home', actionId: 'channel_resume' }),
  );
  await channels().updateMany({}, { $set: { pausedUntil: null } });
  await dana.open('🟢 Active');
  const edit = await holding(() =>
    slack.click({ user: people.dana, on: 'home', actionId: 'channel_edit_rules' }),
  );
  await dana.press('channel_pause', 'How long');
  const pause = await holding(() => dana.submit({ pause: 'until_resumed' }));
  const requests: HeldRequest[] = [];
  for (const one of steps) {
    if (one.kind === 'pause') requests.push(...pause);
    else if (one.kind === 'resume') requests.push(...resume);
    else if (one.kind === 'edit rules') requests.push(...edit);
    else if (one.kind === 'mute') requests.push(...(await muteRequest(one, ts)));
    else requests.push(...(await holding(() => act(one, ts))));
  }
  return requests;
}

/** The submission of the modal; for whoever is not asked, the click. */
async function muteRequest(one: Extract<Step, { kind: 'mute' }>, ts: string): Promise<HeldRequest[]> {
  const menu = { user: one.who, on: ts, actionId: 'alert_menu', attachment: one.alert + 1, choice: 'mute' };
  if (one.who !== people.dana) return holding(() => running.slack.click(menu));
  await closeModals();
  await running.slack.click(menu);
  await expect.poll(() => dana.modalText()).toContain('For how long');
  return holding(() => dana.submit({ mute: one.period }));
}

function act(
  one: Exclude<Step, { kind: 'pause' | 'resume' | 'edit rules' | 'mute' }>,
  ts: string,
): Promise<unknown> {
  const { slack } = running;
  if (one.kind === 'home') return slack.openHome(one.who, sharingTeam.id);
  if (one.kind === 'old uninstall')
    return slack.sendEvent({ type: 'app_uninstalled' }, { envelope: { event_time: 1_700_000_000 } });
  const attachment = one.alert + 1;
  return slack.click({ user: one.who, on: ts, actionId: 'alert_menu', attachment, choice: 'acknowledge' });
}

async function holding(work: () => Promise<unknown>): Promise<HeldRequest[]> {
  const held = running.slack.holdRequests();
  await work().finally(held.release);
  return held.requests;
}

/** The last round's outcome, looked at once more when nothing is under way. */
let lastCheck: () => Promise<string[]> = async () => [];

test('whatever is delivered twice, in another order or late, leaves what it says once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ step, times: fc.integer({ min: 1, max: 2 }) }), { minLength: 1, maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
      fc.boolean(),
      async (plan, keys, isTogether) => {
        const { ts, customers } = await setup();
        const steps = plan.map((one) => one.step);
        const requests = await requestsOf(steps, ts);
        const deliveries = plan
          .flatMap(({ times }, index) => Array.from({ length: times }, () => requests[index]))
          .map((request) => ({ request, key: keys.next().value ?? 0 }))
          .sort((one, other) => one.key - other.key);
        const answers = isTogether
          ? await Promise.all(deliveries.map(({ request }) => request?.send()))
          : await inTurn(deliveries.map(({ request }) => request));
        expect(answers.map((answer) => answer?.status)).toEqual(deliveries.map(() => 200));
        const check = () => findFaults(steps, customers);
        await expect.poll(check).toEqual([]);
        lastCheck = check;
      },
    ),
    { numRuns: 6 },
  );
  expect(await lastCheck()).toEqual([]);
  expect(running.logs.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
});

async function inTurn(requests: readonly (HeldRequest | undefined)[]) {
  const answers = [];
  for (const request of requests) answers.push(await request?.send());
  return answers;
}

/** What is not as the steps want it, whatever became of them in between. */
async function findFaults(steps: readonly Step[], customers: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  const expectIn = (what: string, value: unknown, allowed: readonly unknown[]) => {
    if (!allowed.includes(value)) faults.push(`${what} is ${String(value)}, not ${allowed.join(' or ')}`);
  };
  for (const [index, customerId] of customers.entries()) {
    const on = steps.filter((one) => 'alert' in one && one.alert === index);
    const acknowledging = on.flatMap((one) =>
      one.kind === 'acknowledge' && insiders.includes(one.who) ? [one.who] : [],
    );
    const eventKey = JSON.stringify(['acct_demo', `evt_${customerId.slice('cus_'.length)}`]);
    const delivery = await running.db.collection('deliveries').findOne({ eventKey });
    expectIn('acknowledgedBy', delivery?.acknowledgedBy, acknowledging.length === 0 ? [null] : acknowledging);
    const periods = on.flatMap((one) =>
      one.kind === 'mute' && one.who === people.dana ? [days[one.period] ?? 0] : [],
    );
    const mute = await running.db.collection('mutes').findOne({ customerId });
    const muted = mute === null ? 0 : Math.round((mute.until - Date.now()) / dayMs);
    expectIn('days muted', muted, [Math.max(0, ...periods)]);
  }
  const channel = await channels().findOne({ teamId: sharingTeam.id });
  expectIn('status', channel?.status, ['active']);
  const kinds = steps.map(({ kind }) => kind);
  const paused = kinds.includes('pause')
    ? kinds.includes('resume')
      ? ['until_resumed', null]
      : ['until_resumed']
    : [null];
  expectIn('pausedUntil', channel?.pausedUntil, paused);
  expectIn('installations', await running.db.collection('installations').countDocuments(), [1]);
  expectIn('Home of another organisation', running.slack.home(people.olga, sharingTeam.id), [undefined]);
  return faults;
}

async function closeModals(): Promise<void> {
  if (running.slack.modals('dana').length > 0) await running.slack.closeView('dana', { all: true });
}
