import { describe, expect, test } from 'vitest';
import type { View } from '../../../sandbox/slack/views.ts';
import { setupHome } from '../../support/setup-home.ts';

const fixture = setupHome({ managers: 'everyone' });
const { dana, milo, channels } = fixture;
const rules = async () => (await channels().findOne({}))?.rules;

/** In the modal as it was. @param clickedAt seconds */
async function clickLate({ id, hash, content, values }: Partial<View> = {}, clickedAt?: string) {
  await fixture.running.slack.sendInteraction({
    type: 'block_actions',
    team: { id: 'T0ACMECS001', domain: 'acme-cs' },
    user: { id: 'U0DANA00001', team_id: 'T0ACMECS001' },
    container: { type: 'view', view_id: id },
    trigger_id: '1.1',
    view: { ...content, id, hash, state: { values } },
    actions: [
      { type: 'checkboxes', action_id: 'rules_field', block_id: 'eventTypes 0', action_ts: clickedAt },
    ],
  });
  // Once Home is published, the click has been handled.
  await dana.open('Edit rules');
}

describe('two people who edit the same rules', () => {
  test('the later one is told what changed and by whom, and can save anyway', async () => {
    await milo.open();
    await dana.editRules();
    await milo.editRules();
    await milo.choose('riskThreshold', 'critical', 'critical risk only');
    await dana.use('rules_preset_revenue_signals');
    await expect.poll(() => dana.modalText()).toContain('expansion signal and upsell opportunity');
    await dana.submit();
    await milo.submit();
    expect(milo.modalText()).toContain('<@U0DANA00001> changed these rules while you were editing them');
    expect(milo.modalText()).toContain('Expansion signal, upsell opportunity · all levels');
    expect(await rules()).toMatchObject({ riskThreshold: 'low' });
    await milo.submit();
    expect(await rules()).toMatchObject({ riskThreshold: 'critical' });
  });

  test('the later one can give way', async () => {
    await milo.open();
    await dana.editRules();
    await milo.editRules();
    await dana.use('rules_preset_revenue_signals');
    await expect.poll(() => dana.modalText()).toContain('expansion signal and upsell opportunity');
    await dana.submit();
    await milo.submit();
    await milo.use('rules_use_theirs');
    await expect.poll(() => milo.modalText()).toContain('gets expansion signal and upsell opportunity');
    expect(await milo.submit()).toMatchObject({ errors: {} });
    expect(milo.modal()).toBeUndefined();
  });

  test('a change of something other than the rules is no conflict', async () => {
    await dana.editRules();
    await channels().updateOne({}, { $inc: { version: 1 } });
    await dana.submit();
    expect(dana.modal()).toBeUndefined();
    expect(await fixture.running.db.collection('audit').countDocuments({ action: 'rules_changed' })).toBe(1);
  });
});

describe('when something goes wrong', () => {
  test('somebody who may no longer manage the channel is told who may', async () => {
    await dana.editRules();
    await channels().updateOne({}, { $set: { managers: ['U0MILO00002'] } });
    await dana.submit();
    expect(dana.modalText()).toContain('Only its managers can change this channel');
    expect(dana.modalText()).toContain('<@U0MILO00002>');
  });

  test('somebody whose Home still shows a channel that others manage is told who may', async () => {
    await channels().updateOne({}, { $set: { managers: ['U0MILO00002'] } });
    await dana.press('channel_edit_rules', 'Only its managers');
  });

  test('a channel that is no longer connected says so', async () => {
    await dana.editRules();
    await channels().deleteMany({});
    await dana.submit();
    expect(dana.modalText()).toContain('This channel is no longer connected');
  });

  test('a double click opens one modal', async () => {
    const click = { user: 'dana', on: 'home', actionId: 'channel_edit_rules' } as const;
    const slow = fixture.running.slack.failApi('views.open', { hang: 'before' }, 1);
    await Promise.all([fixture.running.slack.click(click), fixture.running.slack.click(click)]);
    slow.release();
    await expect.poll(() => dana.modalText()).toContain('In short');
    expect(fixture.running.slack.modals('dana')).toHaveLength(1);
  });

  test('what is changed while other fields are about to be shown is not lost', async () => {
    await dana.editRules();
    const slow = fixture.running.slack.failApi('views.update', { hang: 'before' }, 1);
    const use = (field: string, choice: string | string[]) =>
      dana.use('rules_field', { blockId: dana.field(field), choice });
    await use('riskThreshold', 'critical');
    await dana.use('rules_rare');
    await use('eventTypes', ['billing_retry_failed']);
    slow.release();
    await expect
      .poll(() => dana.modalText())
      .toMatch(/Similar alerts.*gets billing retry failed, of critical risk only/s);
  });

  test('a click that is too late, and a modal that was closed, are harmless', async () => {
    fixture.running.slack.failApi('views.open', { error: 'expired_trigger_id' }, 1);
    await fixture.running.slack.click({ user: 'dana', on: 'home', actionId: 'channel_edit_rules' });
    await expect.poll(() => fixture.running.logs.join('')).toContain('expired_trigger_id');
    expect(dana.modal()).toBeUndefined();

    await dana.editRules();
    fixture.running.slack.failApi('views.update', { error: 'hash_conflict' }, 1);
    await dana.use('rules_preset_billing_alerts');
    await expect.poll(() => fixture.running.logs.join('')).toContain('hash_conflict');
    expect(fixture.running.logs.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  test('a click that a later one has overtaken changes nothing', async () => {
    await dana.editRules();
    const before = structuredClone(dana.modal());
    await dana.choose('riskThreshold', 'critical', 'of critical risk only');
    await clickLate(before, '1.1');
    expect(dana.modalText()).toContain('of critical risk only');
  });

  test('a click in fields that a preset has replaced meanwhile changes nothing', async () => {
    await dana.editRules();
    const before = structuredClone(dana.modal());
    await dana.use('rules_preset_escalations');
    await expect.poll(() => dana.modalText()).toContain('gets customer at risk, of high and critical risk');
    await clickLate(before);
    expect(dana.modalText()).toContain('gets customer at risk, of high and critical risk');
    await dana.choose('riskThreshold', 'critical', 'gets customer at risk, of critical risk only');
  });

  test('a click in fields that have been replaced by other fields meanwhile does not bring them back', async () => {
    await dana.editRules();
    const before = structuredClone(dana.modal());
    await dana.use('rules_rare');
    await expect.poll(() => dana.modalText()).toContain('Similar alerts');
    await clickLate(before);
    expect(dana.modalText()).toContain('Similar alerts');
  });

  test('a modal that cannot be loaded says so', async () => {
    const slow = fixture.running.slack.failApi('views.open', { hang: 'before' }, 1);
    await fixture.running.slack.click({ user: 'dana', on: 'home', actionId: 'channel_edit_rules' });
    await channels().updateOne({}, { $set: { 'rules.timing': null } });
    slow.release();
    await expect.poll(() => dana.modalText()).toContain('That did not work');
  });

  test('Slack is answered before the modal is ready', async () => {
    const slow = fixture.running.slack.failApi('views.open', { hang: 'before' }, 1);
    const answer = await fixture.running.slack.click({
      user: 'dana',
      on: 'home',
      actionId: 'channel_edit_rules',
    });
    expect(answer.status).toBe(200);
    expect(dana.modal()).toBeUndefined();
    slow.release();
    await expect.poll(() => dana.modalText()).toContain('In short');
  });

  test('Slack accepted every view that it was sent', () => {
    expect(fixture.refusals()).toEqual([]);
  });
});
