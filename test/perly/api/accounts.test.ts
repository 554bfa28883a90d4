import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { oas31 } from 'zod-openapi';
import type { ApiClient } from '../../../sandbox/perly/api-client.ts';
import { rulesExample } from '../../../src/perly/api/examples.ts';
import { eventOf } from '../../support/named-events.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';
import { whenRecorded } from '../../support/when-recorded.ts';

let running: TestApp;
let otherAccount: ApiClient;
beforeAll(async () => {
  running = await startTestApp();
  otherAccount = running.perly.api('acct_other');
  running.slack.addTeam({ id: 'T0GLOBEX001', name: 'Globex', domain: 'globex' });
  await running.connect('#customer-health', 'acct_demo');
  await running.connect('#cs-escalations', 'acct_demo');
  await running.slack.install(await running.perly.installUrl('acct_other'), {
    channel: '#billing-alerts',
    team: 'Globex',
  });
});
afterAll(() => running.close());

const health = 'T0ACMECS001:C0HEALTH001';

/** The whole database, except the recovery job, which changes every minute, and tombstones. */
async function snapshot(...except: string[]): Promise<string> {
  const left = new Set(['removals', 'agendaJobs', ...except]);
  const collections = await running.db.collections();
  const all = await Promise.all(
    collections
      .filter(({ collectionName }) => !left.has(collectionName))
      .toSorted((a, b) => a.collectionName.localeCompare(b.collectionName))
      .map(async (each) => [each.collectionName, await each.find({}, { sort: { _id: 1 } }).toArray()]),
  );
  return JSON.stringify(all, undefined, 1);
}

describe('another account', () => {
  test('reads and changes nothing of this one, with any operation', async () => {
    const document = (await (await fetch(`${running.url}/perly/openapi.json`)).json()) as oas31.OpenAPIObject;
    const ids: Record<string, string> = {
      '/perly/events/{id}': 'evt_One',
      '/perly/links/{workspace}': 'T0ACMECS001',
      '/perly/links/{workspace}/owners': 'T0ACMECS001',
      '/perly/links/{workspace}/owners/{owner}': 'T0ACMECS001',
      '/perly/accounts/{id}': 'acct_demo',
    };
    await running.perly.post(eventOf('One'));
    await running.slack.waitForMessages(2, undefined, '#customer-health');
    await expect.poll(() => running.db.collection('deliveries').countDocuments({ state: 'sent' })).toBe(2);
    await whenRecorded(running.db);
    // A process may look at any time whether a channel has more to send.
    const before = await snapshot('leases');
    let tried = 0;
    for (const [template, item] of Object.entries(document.paths ?? {})) {
      if (!template.includes('{')) continue;
      const path = template.replace(/\{\w+\}/, ids[template] ?? health).replace('{owner}', 'own_ana');
      for (const method of Object.keys(item as object)) {
        const body = { ...(template.endsWith('rules') && rulesExample) };
        if (template.endsWith('pause')) Object.assign(body, { until: 'until_resumed' });
        if (template.endsWith('external-acknowledge')) Object.assign(body, { allowed: true });
        if (template.endsWith('{owner}')) Object.assign(body, { slack_user: 'U0MILO00002' });
        if (template.endsWith('retry')) Object.assign(body, { ids: 'all' });
        const hasBody = Object.keys(body).length > 0 && method !== 'get' && method !== 'delete';
        const answer = await otherAccount(method, path, { ...(hasBody && { body }), ifMatch: '"1"' });
        expect([403, 404], `${method} ${path} ${JSON.stringify(answer.body)}`).toContain(answer.status);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(11);
    for (const list of ['channels', 'links'])
      expect(JSON.stringify((await otherAccount('get', `/perly/${list}`)).body)).not.toContain('T0ACMECS001');
    expect(await snapshot('leases')).toBe(before);
  });

  test.each([
    ['long', 'T'.repeat(4000)],
    ['of characters that a URL writes as many', '😀'.repeat(500)],
  ])('unlinks no workspace whose id is %s', async (_, workspace) => {
    const answer = await otherAccount('delete', `/perly/links/${encodeURIComponent(workspace)}`);
    expect(answer.status).toBe(404);
  });

  test('without a token nothing is disclosed, not even whether a channel exists', async () => {
    for (const path of ['channels', `channels/${health}`, 'channels/none', 'links', 'events/evt_One']) {
      const answer = await fetch(`${running.url}/perly/${path}`);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    }
  });
});

describe('deleting an account', () => {
  test('leaves nothing of it in the database, and everything of the others', async () => {
    const demo = { kind: 'user', teamId: 'T0ACMECS001', userId: 'U0DANA00001' } as const;
    await running.app.settings.mute(
      { channelId: health, accountId: 'acct_demo' },
      { id: 'cus_x', name: 'X' },
      new Date('2046-01-01'),
      demo,
    );
    const disconnected = 'T0ACMECS001:C0ESCALATE1';
    await running.app.settings.disconnect(disconnected, demo);
    await running.perly.post({ ...eventOf('Other'), account_id: 'acct_other' });
    await running.perly.post({ ...eventOf('Prefix'), account_id: 'acct_demo2' });
    expect(await snapshot()).toContain('acct_demo"');

    const answer = await running.perly.api('acct_demo')('delete', '/perly/accounts/acct_demo');
    expect(answer.status).toBe(204);
    const left = await snapshot('leases');
    for (const trace of ['acct_demo"', 'acct_demo\\', health, 'C0ESCALATE1', 'cus_x', 'evt_One'])
      expect(left).not.toContain(trace);
    for (const kept of ['acct_other', 'evt_Other', 'acct_demo2', 'evt_Prefix', '"T0ACMECS001"'])
      expect(left).toContain(kept);
    const leases = running.db.collection<{ _id: string }>('leases');
    await expect.poll(() => leases.countDocuments({ _id: { $in: [health, disconnected] } })).toBe(0);
    expect(await running.db.collection('installations').countDocuments()).toBe(2);
    expect(running.logs.join('')).not.toMatch(/eyJ[\w-]+\./);
  });
});
