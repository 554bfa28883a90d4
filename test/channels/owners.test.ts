import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { eventOf } from '../support/named-events.ts';
import { changeRules, shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

const team = 'T0ACMECS001';
const owners = `/perly/links/${team}/owners`;

let running: TestApp;
beforeEach(async () => {
  running = await startTestApp({ paceMs: shortPaceMs });
  await running.seedChannel('#customer-health', 'acct_demo');
});
afterEach(() => running.close());

const api = (method: string, path: string, body?: unknown) =>
  running.perly.api('acct_demo')(method, path, body === undefined ? {} : { body });
const setAna = (user = 'U0MILO00002') => api('put', `${owners}/own_ana`, { slack_user: user });

function owned(name: string, more: Partial<PerlyEvent> = {}): PerlyEvent {
  const event = eventOf(name);
  return {
    ...event,
    customer: { ...event.customer, owner: { id: 'own_ana', name: 'Ana Sousa' } },
    ...more,
  };
}

/** @returns the message with the alert */
async function send(event: PerlyEvent, { perly } = running): Promise<string> {
  expect((await perly.post(event)).status).toBe(202);
  const find = () =>
    running.slack
      .messages('#customer-health')
      .map(({ payload }) => JSON.stringify(payload))
      .find((text) => text.includes(event.customer.name));
  await expect.poll(find).toBeDefined();
  return find() ?? '';
}

describe('the owner of a customer', () => {
  test('is a name until somebody says who that is in Slack, and again when they take it back', async () => {
    expect(await send(owned('One'))).toContain('Owner: Ana Sousa');
    await expect
      .poll(async () => (await api('get', owners)).body)
      .toEqual({ owners: [{ id: 'own_ana', name: 'Ana Sousa', slack_user: null }] });
    expect(await setAna()).toMatchObject({
      status: 200,
      body: { id: 'own_ana', name: 'Ana Sousa', slack_user: 'U0MILO00002' },
    });
    const mentioned = await send(owned('Two'));
    expect(mentioned).toContain('"text":"<@U0MILO00002>: Two — ');
    expect(mentioned).toContain('Owner: <@U0MILO00002>');
    expect((await api('delete', `${owners}/own_ana`)).status).toBe(204);
    expect((await api('delete', `${owners}/own_ana`)).status).toBe(204);
    expect(await send(owned('Three'))).not.toContain('<@');
  });

  test('is set by somebody whom the audit trail names', async () => {
    const audited = () =>
      running.db
        .collection('audit')
        .find({ action: 'owner_user_changed' }, { sort: { at: 1 } })
        .toArray();
    await setAna();
    await setAna();
    await setAna('U0DANA00001');
    await api('delete', `${owners}/own_ana`);
    await api('delete', `${owners}/own_ana`);
    const users = (before: string | null, after: string | null) => ({
      teamId: team,
      accountId: 'acct_demo',
      channelId: null,
      actor: { kind: 'account', accountId: 'acct_demo' },
      before: { ownerId: 'own_ana', userId: before },
      after: { ownerId: 'own_ana', userId: after },
    });
    expect(await audited()).toMatchObject([
      users(null, 'U0MILO00002'),
      users('U0MILO00002', 'U0DANA00001'),
      users('U0DANA00001', null),
    ]);
  });

  test('that is set again, or removed without being set, changes nothing', async () => {
    const epochs = async () =>
      (await running.db.collection('channels').find().toArray()).map(({ rulesEpoch }) => rulesEpoch);
    const first = await epochs();
    expect((await api('delete', `${owners}/own_ana`)).status).toBe(204);
    expect(await epochs()).toEqual(first);
    await setAna();
    const second = await epochs();
    expect(second).not.toEqual(first);
    expect((await setAna()).status).toBe(200);
    expect(await epochs()).toEqual(second);
    await api('delete', `${owners}/own_ana`);
    expect(await running.db.collection('ownerUsers').countDocuments()).toBe(0);
  });

  test('is recorded again on the day on which the account was deleted and came back', async () => {
    const recorded = () => running.db.collection('owners').countDocuments();
    await send(owned('One'));
    await expect.poll(recorded).toBe(1);
    expect((await api('delete', '/perly/accounts/acct_demo')).status).toBe(204);
    expect(await recorded()).toBe(0);
    expect((await running.perly.post(owned('Two'))).status).toBe(202);
    await expect.poll(recorded).toBe(1);
  });

  test('is mentioned by whatever process sends, as soon as another one knows', async () => {
    const second = await startTestApp({ beside: running });
    expect(await send(owned('One'), second)).not.toContain('<@');
    await setAna();
    await expect.poll(async () => send(owned(`Later${Date.now()}`), second)).toContain('<@U0MILO00002>');
    await second.close();
  });

  test('is mentioned only as the rules say', async () => {
    await setAna();
    expect(await send(owned('Low', { risk_level: 'low' }))).not.toContain('<@');
    await changeRules(running, { mentionOwner: 'always' });
    expect(await send(owned('Lower', { risk_level: 'low' }))).toContain('<@U0MILO00002>');
    await changeRules(running, { mentionOwner: 'never' });
    expect(await send(owned('High'))).not.toContain('<@');
  });

  test('decides whether a channel gets the alert', async () => {
    await changeRules(running, { owners: ['own_ben'] });
    await running.perly.post(owned('Hers'));
    const { body } = await api('get', '/perly/events/evt_Hers');
    expect(JSON.stringify(body)).toContain('other_owner');
    await changeRules(running, { owners: ['own_ben', 'own_ana'] });
    expect(await send(owned('Now'))).toContain('Ana Sousa');
  });

  test('belongs to the account and the workspace, and ends with their link', async () => {
    await send(owned('One'));
    expect(
      (
        await running.perly.api('acct_other')('put', `${owners}/own_ana`, {
          body: { slack_user: 'U0MILO00002' },
        })
      ).status,
    ).toBe(404);
    expect((await api('put', '/perly/links/T0GLOBEX001/owners/own_ana', { slack_user: 'U0X1' })).status).toBe(
      404,
    );
    await setAna();
    expect((await api('delete', `/perly/links/${team}`)).status).toBe(204);
    expect(await running.db.collection('ownerUsers').countDocuments()).toBe(0);
    await running.connect('#customer-health', 'acct_demo');
    expect(await send(owned('Again'))).not.toContain('<@');
  });

  test.each([
    ['!channel', { slack_user: '!channel' }],
    ['nobody', {}],
    ['a channel', { slack_user: 'C0HEALTH001' }],
  ])('cannot be %s', async (_, body) => {
    expect((await api('put', `${owners}/own_ana`, body)).status).toBe(422);
    expect(await running.db.collection('ownerUsers').countDocuments()).toBe(0);
  });

  test('with an id longer than an owner has is refused', async () => {
    expect((await api('put', `${owners}/${'x'.repeat(76)}`, { slack_user: 'U0MILO00002' })).status).toBe(422);
  });
});
