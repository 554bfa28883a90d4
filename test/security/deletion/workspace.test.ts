import { describe, expect, test, vi } from 'vitest';
import { dayMs } from '../../../src/lib/time.ts';
import { failAfterWrites } from '../../support/fail-database.ts';
import { holdLease } from '../../support/hold-lease.ts';
import { onWrite } from '../../support/on-write.ts';
import { dana, escalations, health, setupDeletion, team } from './setup-deletion.ts';

const fixture = setupDeletion();
const { count, listDocuments, findTraces, uninstall, advanceDays, idsOfWorkspace } = fixture;

describe('fourteen days after a workspace removed the app', () => {
  test('nothing of it is left in any collection, and all of the others', async () => {
    const names = idsOfWorkspace();
    for (const collection of ['installations', 'channels', 'links', 'audit', 'events', 'deliveries', 'mutes'])
      expect((await findTraces(...names)).map((line) => line.split(' ')[0])).toContain(collection);
    await uninstall();
    await advanceDays(14);
    expect(await findTraces(...names)).toEqual([]);
    const left = (await listDocuments()).join('\n');
    for (const kept of ['"T0GLOBEX001"', 'acct_demo', 'acct_second', 'evt_Sent', 'evt_Second', 'evt_Waiting'])
      expect(left).toContain(kept);
    const [event] = await fixture.running.db.collection('events').find({ eventId: 'evt_Sent' }).toArray();
    expect(event?.decisions.map(({ channelId }: { channelId: string }) => channelId.split(':')[0])).toEqual([
      'T0GLOBEX001',
    ]);
  });

  test('nothing is left of what a process that died had begun, or had still to publish', async () => {
    const names = idsOfWorkspace();
    await uninstall();
    for (const id of [`${team}:C0REVENUE01`, `notices ${JSON.stringify([health, 'acct_demo'])}`])
      await holdLease(fixture.running.db, id, -1000);
    await fixture.running.db
      .collection('homeViewers')
      .insertOne({ _id: `${team}:U0DANA00001`, teamId: team, userId: 'U0DANA00001' } as never);
    await advanceDays(14);
    expect(await findTraces(...names)).toEqual([]);
  });

  test.each([0, 2, 5])('nothing is left where the purge was cut off after %d writes', async (survived) => {
    const names = idsOfWorkspace();
    await uninstall();
    await advanceDays(12);
    const tried = failAfterWrites(survived);
    await fixture.advance(dayMs);
    expect(tried().length).toBeGreaterThan(survived);
    vi.restoreAllMocks();
    await advanceDays(1);
    expect(await findTraces(...names)).toEqual([]);
  });

  test('nothing is left of a channel that was changed after the uninstall', async () => {
    const names = idsOfWorkspace();
    const hasRun = onWrite('removals', 'replaceOne', async () => {
      fixture.clock.forward(1000);
      await fixture.running.app.settings.pause(escalations, new Date('2096-01-01'), dana);
    });
    await uninstall();
    expect(hasRun()).toBe(true);
    await advanceDays(14);
    expect(await findTraces(...names)).toEqual([]);
  });

  test('installed again before, it has its rules back, and keeps them', async () => {
    const channel = await fixture.running.app.settings.pause(health, new Date('2096-01-01'), dana);
    if (channel.kind !== 'saved') throw new Error(channel.kind);
    await fixture.running.app.settings.changeRules(
      health,
      channel.channel.version,
      { ...channel.channel.rules, riskThreshold: 'critical' },
      dana,
    );
    await uninstall();
    await advanceDays(12);
    await fixture.running.connect('#customer-health', 'acct_demo');
    const rules = () =>
      count('channels', { _id: health, status: 'active', 'rules.riskThreshold': 'critical' });
    expect(await rules()).toBe(1);
    await advanceDays(3);
    expect(await rules()).toBe(1);
    expect(await count('installations', { _id: team })).toBe(1);
    expect(await count('removals')).toBe(0);
    expect(await count('audit', { teamId: team, action: 'rules_changed' })).toBe(1);
    // A channel that was not connected again has an expiry.
    expect(await count('channels', { teamId: team, status: 'disconnected', expiresAt: null })).toBe(0);
  });
});

describe('a workspace that removed the app and installed it again', () => {
  test('keeps nothing of the channels that it did not connect again', async () => {
    await uninstall();
    await fixture.running.connect('#customer-health', 'acct_demo');
    await advanceDays(14);
    expect(await findTraces('C0ESCALATE1', 'C0REVENUE01', 'C0BILLING01', 'cus_noise')).toEqual([]);
    expect(await count('audit', { channelId: health, action: 'managers_changed' })).toBe(1);
    expect(await count('channels', { _id: health, status: 'active' })).toBe(1);
    const [event] = await fixture.running.db.collection('events').find({ eventId: 'evt_Sent' }).toArray();
    const decided = event?.decisions.map(({ channelId }: { channelId: string }) => channelId).sort();
    expect(decided).toEqual([health, expect.stringContaining('T0GLOBEX001:')]);
  });

  test('keeps nothing of them longer because it removed the app once more', async () => {
    await uninstall();
    await advanceDays(1);
    await fixture.running.connect('#customer-health', 'acct_demo');
    await advanceDays(9);
    await uninstall();
    await advanceDays(4);
    expect(await findTraces('C0ESCALATE1', 'C0REVENUE01')).toEqual([]);
    // Another install still finds what existed before the second removal.
    expect(await count('channels', { _id: health })).toBe(1);
    expect(await count('audit', { channelId: health, action: 'managers_changed' })).toBe(1);
    await advanceDays(9);
    expect(await findTraces(...idsOfWorkspace())).toEqual([]);
  });
});
