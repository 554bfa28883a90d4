import { expect, test } from 'vitest';
import { connect, consentUrl, post, start } from './slack.ts';

const home = { type: 'home', blocks: [{ type: 'divider' }] };

async function startTwo() {
  const slack = await start({ enforceRate: false });
  const other = slack.addTeam({ id: 'T0OTHER0001', name: 'Other', domain: 'other' });
  const first = await connect(slack, 'general');
  const second = await connect(slack, 'general', 'Other');
  return { slack, other, first, second };
}

test('two workspaces have people, channels, tokens and webhooks of their own', async () => {
  const { slack, other, first, second } = await startTwo();
  expect(second.team.id).toBe(other.id);
  expect(second.access_token).not.toBe(first.access_token);
  expect(second.incoming_webhook.channel_id).not.toBe(first.incoming_webhook.channel_id);
  await post(second.incoming_webhook.url, { text: 'for the other' });
  expect(slack.messages('#general')).toEqual([]);
  expect(slack.messages(second.incoming_webhook.channel_id)).toMatchObject([{ teamId: other.id }]);
});

test("a token does nothing in another's workspace", async () => {
  const { slack, other, first, second } = await startTwo();
  const outsider = slack.model.user('dana', other.id);
  const publish = async (token: string) => {
    const response = await fetch(`${slack.apiUrl}views.publish`, {
      method: 'POST',
      body: new URLSearchParams({ token, user_id: outsider.id, view: JSON.stringify(home) }),
    });
    return await response.json();
  };
  expect(await publish(first.access_token)).toMatchObject({ ok: false, error: 'invalid_arguments' });
  const { view } = (await publish(second.access_token)) as { view: { id: string } };
  const update = await fetch(`${slack.apiUrl}views.update`, {
    method: 'POST',
    body: new URLSearchParams({ token: first.access_token, view_id: view.id, view: JSON.stringify(home) }),
  });
  expect(await update.json()).toEqual({ ok: false, error: 'not_found' });
});

test('a disabled workspace lets nobody in', async () => {
  const { slack, other, second } = await startTwo();
  slack.disableTeam(other.id);
  expect(await post(second.incoming_webhook.url, { text: 'a' })).toMatchObject({ body: 'team_disabled' });
  const authTest = await fetch(`${slack.apiUrl}auth.test`, {
    headers: { authorization: `Bearer ${second.access_token}` },
  });
  expect(await authTest.json()).toEqual({ ok: false, error: 'account_inactive' });
  await expect(slack.approve(consentUrl(slack, { team: other.id }), { channel: 'general' })).rejects.toThrow(
    '400',
  );
  slack.enableTeam(other.id);
  expect(await post(second.incoming_webhook.url, { text: 'a' })).toMatchObject({ body: 'ok' });
});
