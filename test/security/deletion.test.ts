import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AdjustableClock, createAdjustableClock } from '../../sandbox/adjustable-clock.ts';
import { createClockScheduler } from '../../sandbox/clock-scheduler.ts';
import { dayMs, minuteMs } from '../../src/lib/time.ts';
import { createLogger } from '../../src/ops/log.ts';
import { failAfterWrites } from '../support/fail-database.ts';
import { holdLease } from '../support/hold-lease.ts';
import { eventOf } from '../support/named-events.ts';
import { onWrite } from '../support/on-write.ts';
import { type PerlyListener, startPerlyListener } from '../support/perly-listener.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const team = 'T0ACMECS001';
const dana = { kind: 'user', teamId: team, userId: 'U0DANA00001' } as const;
const health = `${team}:C0HEALTH001`;
const escalations = `${team}:C0ESCALATE1`;

let perly: PerlyListener;
let running: TestApp;
let clock: AdjustableClock;
beforeAll(async () => {
  perly = await startPerlyListener();
});
beforeEach(async () => {
  clock = createAdjustableClock();
  running = await startTestApp({
    clock,
    scheduler: createClockScheduler({ clock, logger: createLogger({ level: 'silent' }) }),
    env: { PERLY_NOTIFY_URL: perly.url },
  });
  running.slack.addTeam({ id: 'T0GLOBEX001', name: 'Globex', domain: 'globex' });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await running.close();
});
afterAll(() => perly.close());

const count = (collection: string, filter = {}) => running.db.collection(collection).countDocuments(filter);

/** Every document of every collection, also of one that is new: what is forgotten there is found here. */
async function listDocuments(): Promise<string[]> {
  const collections = await running.db.collections();
  const all = await Promise.all(
    collections.map(async (each) =>
      (await each.find().toArray()).map((document) => `${each.collectionName} ${JSON.stringify(document)}`),
    ),
  );
  return all.flat();
}

/** The documents that hold one of these texts. */
async function findTraces(...texts: string[]): Promise<string[]> {
  return (await listDocuments()).filter((document) => texts.some((text) => document.includes(text)));
}

/** All that a workspace leaves: two accounts, a channel that was moved, rules, mutes, alerts in every state, views. */
async function live(): Promise<void> {
  const { settings } = running.app;
  const globex = await running.perly.installUrl('acct_demo');
  await running.slack.install(globex, { channel: '#billing-alerts', team: 'Globex' });
  await running.connect('#customer-health', 'acct_demo');
  await running.connect('#cs-escalations', 'acct_demo');
  await running.connect('#revenue-signals', 'acct_second');
  await running.connect('#billing-alerts');
  await settings.setManagers(health, ['U0DANA00001', 'U0MILO00002'], dana);
  await settings.mute(
    { channelId: escalations, accountId: 'acct_demo' },
    { id: 'cus_noise', name: 'Noise' },
    new Date('2096-01-01'),
    dana,
  );
  await settings.mute(
    { channelId: escalations, accountId: 'acct_demo' },
    { id: 'cus_loud', name: 'Loud' },
    new Date('2096-01-01'),
    dana,
  );
  await settings.unmute({ channelId: escalations, accountId: 'acct_demo' }, 'cus_loud', dana);
  await settings.disconnect(`${team}:C0BILLING01`, dana);
  await running.slack.openHome('dana');
  await running.perly.post(eventOf('Sent'));
  await running.perly.post({ ...eventOf('Second'), account_id: 'acct_second' });
  await expect.poll(() => count('deliveries', { state: 'sent' })).toBe(4);
  running.slack.failWebhook('*', { status: 503 });
  await running.perly.post(eventOf('Waiting'));
  await expect.poll(() => count('deliveries', { attempts: { $gt: 0 } })).toBe(3);
  running.slack.clearFaults();
}

async function uninstall(): Promise<void> {
  await running.slack.uninstall(team);
  await expect.poll(() => count('installations', { _id: team })).toBe(0);
}

/** @returns the number of removals whose time has come, by the time after the read: one under way is due at once */
async function countDue(): Promise<number> {
  const removals = await running.db.collection('removals').find().toArray();
  return removals.filter(({ purgeAt }) => purgeAt <= clock.now()).length;
}

async function turn(days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    clock.forward(dayMs);
    await expect
      .poll(() => {
        // By the minute, so that recovery, which runs once in one, does not miss it.
        clock.forward(minuteMs);
        return countDue();
      })
      .toBe(0);
  }
}

/** What names the workspace, its channels, its people, its bot. */
const namesOfWorkspace = () => [
  team,
  'Acme CS',
  'U0DANA00001',
  'U0MILO00002',
  'C0HEALTH001',
  'C0ESCALATE1',
  'C0REVENUE01',
  '#customer-health',
  ...running.slack.installations
    .filter(({ teamId }) => teamId === team)
    .flatMap((each) => [each.botId, each.botUserId]),
];

describe('fourteen days after a workspace removed the app', () => {
  test('nothing of it is left in any collection, and all of the others', async () => {
    await live();
    const names = namesOfWorkspace();
    for (const collection of ['installations', 'channels', 'links', 'audit', 'events', 'deliveries', 'mutes'])
      expect((await findTraces(...names)).map((line) => line.split(' ')[0])).toContain(collection);
    await uninstall();
    await turn(14);
    expect(await findTraces(...names)).toEqual([]);
    const left = (await listDocuments()).join('\n');
    for (const kept of ['"T0GLOBEX001"', 'acct_demo', 'acct_second', 'evt_Sent', 'evt_Second', 'evt_Waiting'])
      expect(left).toContain(kept);
    const [event] = await running.db.collection('events').find({ eventId: 'evt_Sent' }).toArray();
    expect(event?.decisions.map(({ channelId }: { channelId: string }) => channelId.split(':')[0])).toEqual([
      'T0GLOBEX001',
    ]);
  });

  test('nothing is left of what a process that died had begun, or had still to tell', async () => {
    await live();
    const names = namesOfWorkspace();
    await uninstall();
    for (const id of [`${team}:C0REVENUE01`, `notices ${JSON.stringify([health, 'acct_demo'])}`])
      await holdLease(running.db, id, -1000);
    await running.db
      .collection('homeViewers')
      .insertOne({ _id: `${team}:U0DANA00001`, teamId: team, userId: 'U0DANA00001' } as never);
    await turn(14);
    expect(await findTraces(...names)).toEqual([]);
  });

  test.each([0, 2, 5])('nothing is left where the purge was cut off after %d writes', async (survived) => {
    await live();
    const names = namesOfWorkspace();
    await uninstall();
    await turn(12);
    const tried = failAfterWrites(survived);
    clock.forward(dayMs);
    await expect
      .poll(() => {
        clock.forward(minuteMs);
        return tried().length;
      })
      .toBeGreaterThan(survived);
    vi.restoreAllMocks();
    await turn(1);
    expect(await findTraces(...names)).toEqual([]);
  });

  test('nothing is left of a channel that was changed after the uninstall', async () => {
    await live();
    const names = namesOfWorkspace();
    const met = onWrite('removals', 'replaceOne', async () => {
      clock.forward(1000);
      await running.app.settings.pause(escalations, new Date('2096-01-01'), dana);
    });
    await uninstall();
    expect(met()).toBe(true);
    await turn(14);
    expect(await findTraces(...names)).toEqual([]);
  });

  test('installed again before, it has its rules back, and keeps them', async () => {
    await live();
    const channel = await running.app.settings.pause(health, new Date('2096-01-01'), dana);
    if (channel.kind !== 'saved') throw new Error(channel.kind);
    await running.app.settings.changeRules(
      health,
      channel.channel.version,
      { ...channel.channel.rules, riskThreshold: 'critical' },
      dana,
    );
    await uninstall();
    await turn(12);
    await running.connect('#customer-health', 'acct_demo');
    const rules = () =>
      count('channels', { _id: health, status: 'active', 'rules.riskThreshold': 'critical' });
    expect(await rules()).toBe(1);
    await turn(3);
    expect(await rules()).toBe(1);
    expect(await count('installations', { _id: team })).toBe(1);
    expect(await count('removals')).toBe(0);
    expect(await count('audit', { teamId: team, action: 'rules_changed' })).toBe(1);
    // What was not connected again has an end of its own.
    expect(await count('channels', { teamId: team, status: 'disconnected', expiresAt: null })).toBe(0);
  });
});

describe('a workspace that removed the app and installed it again', () => {
  test('keeps nothing of the channels that it did not connect again', async () => {
    await live();
    await uninstall();
    await running.connect('#customer-health', 'acct_demo');
    await turn(14);
    expect(await findTraces('C0ESCALATE1', 'C0REVENUE01', 'C0BILLING01', 'cus_noise')).toEqual([]);
    expect(await count('audit', { channelId: health, action: 'managers_changed' })).toBe(1);
    expect(await count('channels', { _id: health, status: 'active' })).toBe(1);
    const [event] = await running.db.collection('events').find({ eventId: 'evt_Sent' }).toArray();
    const decided = event?.decisions.map(({ channelId }: { channelId: string }) => channelId).sort();
    expect(decided).toEqual([health, expect.stringContaining('T0GLOBEX001:')]);
  });

  test('keeps nothing of them longer because it removed the app once more', async () => {
    await live();
    await uninstall();
    await turn(1);
    await running.connect('#customer-health', 'acct_demo');
    await turn(9);
    await uninstall();
    await turn(4);
    expect(await findTraces('C0ESCALATE1', 'C0REVENUE01')).toEqual([]);
    // What was there until the second time is found by another install.
    expect(await count('channels', { _id: health })).toBe(1);
    expect(await count('audit', { channelId: health, action: 'managers_changed' })).toBe(1);
    await turn(9);
    expect(await findTraces(...namesOfWorkspace())).toEqual([]);
  });
});

describe('fourteen days after Perly deleted an account', () => {
  const names = ['acct_demo"', 'acct_demo\\', health, escalations, 'cus_noise', 'evt_Sent', 'evt_Waiting'];

  test('nothing of it is left in any collection, and all of the other account', async () => {
    await live();
    expect((await running.perly.api('acct_demo')('delete', '/perly/accounts/acct_demo')).status).toBe(204);
    // But for its tombstone, and the leases of channels that are being served.
    expect((await findTraces(...names)).filter((line) => !/^(?:removals|leases) /.test(line))).toEqual([]);
    await turn(14);
    expect(await findTraces(...names)).toEqual([]);
    const left = (await listDocuments()).join('\n');
    for (const kept of ['acct_second', 'evt_Second', team, 'T0GLOBEX001']) expect(left).toContain(kept);
  });

  test.each([1, 4, 7])('nothing is left where the deletion was cut off after %d writes', async (survived) => {
    await live();
    failAfterWrites(survived);
    const answer = await running.perly.api('acct_demo')('delete', '/perly/accounts/acct_demo');
    expect(answer.status).toBe(503);
    vi.restoreAllMocks();
    await turn(2);
    expect(await findTraces(...names)).toEqual([]);
  });

  test('what was being recorded in that moment goes too', async () => {
    await live();
    await running.perly.api('acct_demo')('delete', '/perly/accounts/acct_demo');
    await running.perly.post(eventOf('Late'));
    expect(await findTraces('evt_Late')).not.toEqual([]);
    await turn(1);
    expect(await findTraces('evt_Late')).toEqual([]);
  });

  test('an account that came back meanwhile keeps what it has now', async () => {
    await live();
    await running.perly.api('acct_demo')('delete', '/perly/accounts/acct_demo');
    // Tokens say when they were signed by the second, and one of the deletion's second counts as older.
    const iat = Math.floor(Date.now() / 1000) + 1;
    const newer = await running.perly.installUrl('acct_demo', { iat });
    await running.slack.install(newer, { channel: '#customer-health' });
    await running.perly.post(eventOf('Back'));
    await turn(1);
    expect(await count('channels', { _id: health, accountId: 'acct_demo', status: 'active' })).toBe(1);
    expect(await findTraces('evt_Back')).not.toEqual([]);
  });
});

test('the table of docs/privacy.md says of every collection what it holds, and when it is deleted', async () => {
  const document = readFileSync(new URL('../../docs/privacy.md', import.meta.url), 'utf8');
  const told = [...document.matchAll(/^\| `(\w+)` \|.+\|.+\|$/gm)].map(([, name]) => name);
  await live();
  const collections = (await running.db.collections()).map(({ collectionName }) => collectionName);
  expect(collections.filter((name) => !told.includes(name))).toEqual([]);
});
