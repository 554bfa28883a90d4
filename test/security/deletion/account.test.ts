import { describe, expect, test, vi } from 'vitest';
import { failAfterWrites } from '../../support/fail-database.ts';
import { eventOf } from '../../support/named-events.ts';
import { escalations, health, setupDeletion, team } from './setup-deletion.ts';

const fixture = setupDeletion();
const { count, listDocuments, findTraces, advanceDays } = fixture;

describe('fourteen days after Perly deleted an account', () => {
  const names = ['acct_demo"', 'acct_demo\\', health, escalations, 'cus_noise', 'evt_Sent', 'evt_Waiting'];

  test('nothing of it is left in any collection, and all of the other account', async () => {
    expect((await fixture.running.perly.api('acct_demo')('delete', '/perly/accounts/acct_demo')).status).toBe(
      204,
    );
    // Except its tombstone, and the leases of channels in service.
    expect((await findTraces(...names)).filter((line) => !/^(?:removals|leases) /.test(line))).toEqual([]);
    await advanceDays(14);
    expect(await findTraces(...names)).toEqual([]);
    const left = (await listDocuments()).join('\n');
    for (const kept of ['acct_second', 'evt_Second', team, 'T0GLOBEX001']) expect(left).toContain(kept);
  });

  test.each([1, 4, 7])('nothing is left where the deletion was cut off after %d writes', async (survived) => {
    failAfterWrites(survived);
    const answer = await fixture.running.perly.api('acct_demo')('delete', '/perly/accounts/acct_demo');
    expect(answer.status).toBe(503);
    vi.restoreAllMocks();
    await advanceDays(2);
    expect(await findTraces(...names)).toEqual([]);
  });

  test('what was being recorded in that moment goes too', async () => {
    await fixture.running.perly.api('acct_demo')('delete', '/perly/accounts/acct_demo');
    await fixture.running.perly.post(eventOf('Late'));
    expect(await findTraces('evt_Late')).not.toEqual([]);
    await advanceDays(1);
    expect(await findTraces('evt_Late')).toEqual([]);
  });

  test('an account that came back meanwhile keeps what it has now', async () => {
    await fixture.running.perly.api('acct_demo')('delete', '/perly/accounts/acct_demo');
    // Tokens carry whole seconds, and one from the same second as the deletion counts as older.
    const iat = Math.floor(Date.now() / 1000) + 1;
    const newer = await fixture.running.perly.installUrl('acct_demo', { iat });
    await fixture.running.slack.install(newer, { channel: '#customer-health' });
    await fixture.running.perly.post(eventOf('Back'));
    await advanceDays(1);
    expect(await count('channels', { _id: health, accountId: 'acct_demo', status: 'active' })).toBe(1);
    expect(await findTraces('evt_Back')).not.toEqual([]);
  });
});
