import { describe, expect, test } from 'vitest';
import { patientAnswerMs } from '../../support/patient-timeouts.ts';
import { divider, home, modal, plain, setupViews, textInput } from './setup-views.ts';

describe('the token', () => {
  test('is required, and must be known', async () => {
    const { call } = await setupViews();
    expect(await call('views.publish', {}, null)).toEqual({ ok: false, error: 'not_authed' });
    expect(await call('views.publish', {}, 'xoxb-1')).toEqual({ ok: false, error: 'invalid_auth' });
    expect(await call('chat.postMessage', {})).toMatchObject({ ok: false, error: 'unknown_method' });
  });
});

describe('views.publish', () => {
  test('keeps the id of a Home tab, and changes its hash', async () => {
    const { call } = await setupViews();
    const publish = (hash?: string) =>
      call('views.publish', { user_id: 'U0MILO00002', view: home(), ...(hash !== undefined && { hash }) });
    const first = await publish();
    const second = await publish(first.view.hash);
    expect(second.view.id).toBe(first.view.id);
    expect(second.view.hash).not.toBe(first.view.hash);
    expect(await publish(first.view.hash)).toEqual({ ok: false, error: 'hash_conflict' });
    expect((await publish()).ok).toBe(true);
  });

  test('requires a user of the workspace', async () => {
    const { call } = await setupViews();
    expect(await call('views.publish', { user_id: 'U0NOBODY', view: home() })).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] invalid `user_id` [json-pointer:/user_id]'] },
    });
  });

  test('accepts a view as JSON in a form, as the SDK sends it', async () => {
    const { app, slack } = await setupViews();
    const botToken = slack.installations[0]?.botToken ?? '';
    await app.client.views.publish({
      token: botToken,
      user_id: 'U0MILO00002',
      view: { type: 'home', blocks: [divider] },
    });
    expect(slack.home('milo')?.content).toMatchObject({ type: 'home' });
  });
});

describe('a trigger', () => {
  test('is valid for as long as Slack waits for an answer', async () => {
    const { call, trigger, now } = await setupViews();
    const first = await trigger();
    now.ms += patientAnswerMs + 1;
    expect(await call('views.open', { trigger_id: first, view: modal() })).toMatchObject({
      error: 'expired_trigger_id',
    });
    const second = await trigger();
    now.ms += patientAnswerMs;
    expect((await call('views.open', { trigger_id: second, view: modal() })).ok).toBe(true);
  });

  test('is valid once, and must be one', async () => {
    const { call, trigger } = await setupViews();
    const trigger_id = await trigger();
    expect((await call('views.open', { trigger_id, view: modal() })).ok).toBe(true);
    expect(await call('views.open', { trigger_id, view: modal() })).toMatchObject({
      error: 'exchanged_trigger_id',
    });
    expect(await call('views.open', { trigger_id: '1.2.a', view: modal() })).toMatchObject({
      error: 'invalid_trigger_id',
    });
  });
});

describe('views.update', () => {
  test('finds a view by either id, and checks the hash', async () => {
    const { call, trigger, slack } = await setupViews();
    const { view } = await call('views.open', {
      trigger_id: await trigger(),
      view: modal({ external_id: 'one' }),
    });
    const update = (parameters: object) =>
      call('views.update', { view: modal({ external_id: 'one' }), ...parameters });
    const updated = await update({ view_id: view.id, hash: view.hash });
    expect(updated.view.id).toBe(view.id);
    expect(await update({ view_id: view.id, hash: view.hash })).toEqual({
      ok: false,
      error: 'hash_conflict',
    });
    expect((await update({ external_id: 'one' })).ok).toBe(true);
    expect(await update({ view_id: 'V0' })).toEqual({ ok: false, error: 'not_found' });
    expect(await update({})).toEqual({ ok: false, error: 'not_found' });
    await slack.closeView('dana');
    expect(await update({ view_id: view.id })).toEqual({ ok: false, error: 'not_found' });
  });

  test('keeps what was typed if block and element stay the same', async () => {
    const { call, trigger, slack } = await setupViews();
    const view = modal({ submit: plain('ok'), blocks: [textInput('a'), textInput('b')] });
    const opened = await call('views.open', { trigger_id: await trigger(), view });
    slack.fill('dana', { a: 'typed', b: 'gone' });
    const next = modal({ submit: plain('ok'), blocks: [textInput('a'), textInput('c')] });
    await call('views.update', { view_id: opened.view.id, view: next });
    expect(slack.modals('dana')[0]?.values).toEqual({
      a: { 'a-in': { type: 'plain_text_input', value: 'typed' } },
      c: { 'c-in': { type: 'plain_text_input', value: null } },
    });
  });
});
