import type { Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Choice } from '../../../sandbox/slack/element-values.ts';
import { createHomeDriver, type HomeDriver } from '../../support/home-driver.ts';
import { eventOf } from '../../support/named-events.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

let running: TestApp;
/** The channel as it was connected: each test starts with it. */
let connected: Document | null;
beforeAll(async () => {
  running = await startTestApp({ slack: { enforceRate: false } });
  await running.connect('#customer-health', 'acct_demo');
  connected = await channels().findOne();
});
afterAll(() => running.close());

const dana = createHomeDriver(() => running, 'dana');
const milo = createHomeDriver(() => running, 'milo');

const channels = () => running.db.collection('channels');
const rules = async () => (await channels().findOne({}))?.rules;

beforeEach(async () => {
  for (const name of ['channels', 'deliveries', 'events', 'audit'])
    await running.db.collection(name).deleteMany({});
  for (const user of ['dana', 'milo'])
    if (running.slack.modals(user).length > 0) await running.slack.closeView(user, { all: true });
  await channels().insertOne({ ...connected, managers: 'everyone' });
  await dana.open('Edit rules');
});

/** Opens the modal of the rules, and waits until its fields are there. */
const editRules = (who: HomeDriver = dana) => who.press('channel_edit_rules', 'In short');

/** Chooses in a field, and waits until the modal says what comes of it. */
async function choose(field: string, choice: Choice, words: string | RegExp, who: HomeDriver = dana) {
  const actionId = field === 'timeZone' ? 'rules_time_zone' : 'rules_field';
  await who.use(actionId, { blockId: who.field(field), choice });
  await expect.poll(() => who.modalText()).toMatch(words);
}

/** Types a city, and picks the zone that is found first. */
async function chooseZone(query: string, words: string | RegExp) {
  const blockId = dana.field('timeZone');
  const found = await running.slack.suggest({
    user: 'dana',
    on: 'modal',
    actionId: 'rules_time_zone',
    blockId,
    query,
  });
  await choose('timeZone', String(found.options[0]?.value), words);
}

describe('the modal of the rules', () => {
  test('shows the rules as they are, and says them back', async () => {
    await editRules();
    const text = dana.modalText();
    expect(text).toContain('Which alerts <#C0HEALTH001> gets, and when');
    expect(text).toContain('*In short:* This channel gets all events, of all risk levels, at any time.');
    expect(text).toContain('No events came in the last 7 days');
  });

  test('a preset fills in the fields, and Save shows at once on every Home that is open', async () => {
    await milo.open();
    await editRules();
    await dana.use('rules_preset_escalations');
    await expect.poll(() => dana.modalText()).toContain('gets customer at risk, of high and critical risk');
    expect(await dana.submit()).toMatchObject({ sent: true, errors: {} });
    expect(dana.modal()).toBeUndefined();
    expect(await rules()).toMatchObject({ eventTypes: ['customer_at_risk'], riskThreshold: 'high' });
    for (const who of [dana, milo])
      await expect.poll(() => who.home()).toContain('Customer at risk · high and critical');
  });

  test('each field is said back while it is changed, and what was typed stays', async () => {
    await editRules();
    await choose(
      'eventTypes',
      ['health_score_drop', 'billing_retry_failed'],
      'health score drop and billing',
    );
    await choose('riskThreshold', 'medium', 'medium risk and above');
    await choose('scoreDelta', '7.5', 'only from 7.5 points on');
    await choose('timing', 'digest', 'Still to be set: time zone.');
    await chooseZone('berlin', 'Mon–Fri 09:00–17:00, Berlin; what comes outside waits for one digest');
    await choose('days', ['mon', 'sat'], 'Mon, Sat 09:00');
    await choose('start', '22:00', '22:00–17:00');
    await choose('end', '00:00', '22:00–24:00');
    await choose('timing', 'always', 'at any time');
    await choose('timing', 'discard', 'Mon, Sat 22:00–24:00, Berlin; what comes outside is dropped');
    await dana.submit();
    expect(await rules()).toEqual({
      eventTypes: ['health_score_drop', 'billing_retry_failed'],
      riskThreshold: 'medium',
      scoreDeltaMinimum: 7.5,
      quietHours: {
        timeZone: 'Europe/Berlin',
        businessDays: ['mon', 'sat'],
        start: '22:00',
        end: '24:00',
        after: 'discard',
      },
    });
  });

  test('a preset says what comes, not when: business hours stay', async () => {
    await editRules();
    await choose('timing', 'digest', 'Still to be set');
    await chooseZone('tokyo', 'Tokyo');
    await dana.use('rules_preset_billing_alerts');
    await expect.poll(() => dana.modalText()).toMatch(/billing retry failed, of all risk levels.*Tokyo/);
  });

  test('a click in fields that a preset has replaced meanwhile changes nothing', async () => {
    await editRules();
    const before = structuredClone(dana.modal());
    await dana.use('rules_preset_escalations');
    await expect.poll(() => dana.modalText()).toContain('gets customer at risk, of high and critical risk');
    const { id, hash, content, values } = before ?? {};
    await running.slack.sendInteraction({
      type: 'block_actions',
      team: { id: 'T0ACMECS001', domain: 'acme-cs' },
      user: { id: 'U0DANA00001', team_id: 'T0ACMECS001' },
      container: { type: 'view', view_id: id },
      trigger_id: '1.1',
      view: { ...content, id, hash, state: { values } },
      actions: [{ type: 'checkboxes', action_id: 'rules_field', block_id: 'eventTypes 0', action_ts: '1' }],
    });
    // By the time that Home is there, the click has been worked on.
    await dana.open('Edit rules');
    expect(dana.modalText()).toContain('gets customer at risk, of high and critical risk');
    await choose('riskThreshold', 'critical', 'gets customer at risk, of critical risk only');
  });

  test('each error stands at its own field, and nothing is saved', async () => {
    await editRules();
    await choose('timing', 'digest', 'Still to be set');
    const nothing = { [dana.field('timeZone')]: null, [dana.field('days')]: null };
    expect(await dana.submit(nothing)).toMatchObject({
      sent: false,
      errors: { [dana.field('timeZone')]: 'This is a required field' },
    });
    await chooseZone('paris', 'Still to be set');
    await choose('days', ['mon'], 'Paris');
    expect((await dana.submit({ [dana.field('scoreDelta')]: '101' })).sent).toBe(false);
    expect(
      await dana.submit({ [dana.field('scoreDelta')]: '5', [dana.field('end')]: '09:00' }),
    ).toMatchObject({
      errors: { [dana.field('end')]: expect.stringContaining('Choose another time than the opening') },
    });
    // Slack looks at the fields itself; whoever writes to us without Slack's client is answered all the same.
    expect(await rules()).toMatchObject({ quietHours: 'off' });
  });

  test('all day is 00:00 to 00:00', async () => {
    await editRules();
    await choose('timing', 'discard', 'Still to be set');
    await chooseZone('utc', 'UTC');
    await dana.submit({ [dana.field('start')]: '00:00', [dana.field('end')]: '00:00' });
    expect(await rules()).toMatchObject({ quietHours: { start: '00:00', end: '24:00', timeZone: 'UTC' } });
    await editRules();
    expect(dana.modalText()).toContain('Mon–Fri 00:00–24:00, UTC');
  });

  test('says what the rules would have done with the last seven days', async () => {
    await running.perly.post({ events: ['Ada', 'Bert', 'Cleo'].map(eventOf) });
    await editRules();
    await expect.poll(() => dana.modalText()).toContain('would have sent 3, held 0 and kept back 0');
    await choose('riskThreshold', 'critical', 'would have sent 0, held 0 and kept back 3');
  });

  test('a new field in the workspace starts with the time zone that its channels have', async () => {
    await running.connect('#billing-alerts', 'acct_demo');
    await channels().updateOne(
      { slackChannelId: 'C0BILLING01' },
      {
        $set: {
          managers: 'everyone',
          'rules.quietHours': {
            timeZone: 'America/New_York',
            businessDays: ['mon'],
            start: '09:00',
            end: '17:00',
            after: 'digest',
          },
        },
      },
    );
    await dana.open();
    await dana.press('channel_edit_rules', 'In short', undefined, 'channel T0ACMECS001:C0HEALTH001');
    await choose('timing', 'digest', 'Mon–Fri 09:00–17:00, New York');
  });
});

describe('two people who edit the same rules', () => {
  test('the later one is told what changed and by whom, and can save all the same', async () => {
    await milo.open();
    await editRules();
    await editRules(milo);
    await choose('riskThreshold', 'critical', 'critical risk only', milo);
    await dana.use('rules_preset_revenue_signals');
    await expect.poll(() => dana.modalText()).toContain('expansion signal and upsell opportunity');
    await dana.submit();
    await milo.submit();
    expect(milo.modalText()).toContain('<@U0DANA00001> changed these rules while you edited them');
    expect(milo.modalText()).toContain('Expansion signal, upsell opportunity · all levels');
    expect(await rules()).toMatchObject({ riskThreshold: 'low' });
    await milo.submit();
    expect(await rules()).toMatchObject({ riskThreshold: 'critical' });
  });

  test('the later one can give way', async () => {
    await milo.open();
    await editRules();
    await editRules(milo);
    await dana.use('rules_preset_revenue_signals');
    await expect.poll(() => dana.modalText()).toContain('expansion signal and upsell opportunity');
    await dana.submit();
    await milo.submit();
    await milo.use('rules_use_theirs');
    await expect.poll(() => milo.modalText()).toContain('gets expansion signal and upsell opportunity');
    expect(await milo.submit()).toMatchObject({ errors: {} });
    expect(milo.modal()).toBeUndefined();
  });

  test('a change of something else than the rules is no conflict', async () => {
    await editRules();
    await channels().updateOne({}, { $inc: { version: 1 } });
    await dana.submit();
    expect(dana.modal()).toBeUndefined();
    expect(await running.db.collection('audit').countDocuments({ action: 'rules_changed' })).toBe(1);
  });
});

describe('whatever goes wrong', () => {
  test('whoever may not manage the channel any more is told who may', async () => {
    await editRules();
    await channels().updateOne({}, { $set: { managers: ['U0MILO00002'] } });
    await dana.submit();
    expect(dana.modalText()).toContain('Only its managers can change this channel');
    expect(dana.modalText()).toContain('<@U0MILO00002>');
    await running.slack.closeView('dana');
    await dana.press('channel_edit_rules', 'Only its managers');
  });

  test('a channel that is not connected any more says so', async () => {
    await editRules();
    await channels().deleteMany({});
    await dana.submit();
    expect(dana.modalText()).toContain('This channel is not connected any more');
  });

  test('a double click opens one modal', async () => {
    const click = { user: 'dana', on: 'home', actionId: 'channel_edit_rules' } as const;
    await Promise.all([running.slack.click(click), running.slack.click(click)]);
    await expect.poll(() => dana.modalText()).toContain('In short');
    expect(running.slack.modals('dana')).toHaveLength(1);
  });

  test('a click that comes too late, and a modal that was closed, do no harm', async () => {
    running.slack.failApi('views.open', { error: 'expired_trigger_id' }, 1);
    await running.slack.click({ user: 'dana', on: 'home', actionId: 'channel_edit_rules' });
    await expect.poll(() => running.logs.join('')).toContain('expired_trigger_id');
    expect(dana.modal()).toBeUndefined();

    await editRules();
    running.slack.failApi('views.update', { error: 'hash_conflict' }, 1);
    await dana.use('rules_preset_billing_alerts');
    await expect.poll(() => running.logs.join('')).toContain('hash_conflict');
    expect(running.logs.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  test('a modal that cannot be filled says so', async () => {
    const slow = running.slack.failApi('views.open', { hang: 'before' }, 1);
    await running.slack.click({ user: 'dana', on: 'home', actionId: 'channel_edit_rules' });
    await channels().updateOne({}, { $set: { rules: null } });
    slow.release();
    await expect.poll(() => dana.modalText()).toContain('That did not work just now');
  });

  test('Slack has its answer before the modal is there', async () => {
    const slow = running.slack.failApi('views.open', { hang: 'before' }, 1);
    const answer = await running.slack.click({ user: 'dana', on: 'home', actionId: 'channel_edit_rules' });
    expect(answer.status).toBe(200);
    expect(dana.modal()).toBeUndefined();
    slow.release();
    await expect.poll(() => dana.modalText()).toContain('In short');
  });

  test('everything that Slack was shown, it took', () => {
    // A modal that was closed before its preview was counted.
    expect(running.slack.refusals.filter(({ error }) => error !== 'not_found')).toEqual([]);
  });
});
