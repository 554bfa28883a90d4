import { describe, expect, test } from 'vitest';
import { elementsOf } from '../../../sandbox/slack/find-element.ts';
import { businessHours } from '../../support/business-hours.ts';
import { eventOf } from '../../support/named-events.ts';
import { setupHome } from '../../support/setup-home.ts';

const fixture = setupHome({ managers: 'everyone' });
const { dana, milo, channels } = fixture;
const rules = async () => (await channels().findOne({}))?.rules;

/** Types into a field with suggestions, and picks the first. */
async function chooseFound(
  field: 'timeZone' | 'calendar',
  { query, at = 0 }: { query: string; at?: number },
  words: string | RegExp,
) {
  const actionId = { timeZone: 'rules_time_zone', calendar: 'rules_holidays' }[field];
  const blockId = dana.field(field);
  const found = await fixture.running.slack.suggest({ user: 'dana', on: 'modal', actionId, blockId, query });
  await dana.choose(field, String(found.options[at]?.value), words);
}

async function chooseZone(query: string, words: string | RegExp) {
  await chooseFound('timeZone', { query }, words);
}

describe('the modal of the rules', () => {
  test('shows the present rules, with a summary', async () => {
    await dana.editRules();
    const text = dana.modalText();
    expect(text).toContain('Start from a preset, or set each rule for <#C0HEALTH001>.');
    expect(text).toContain('*In short:* This channel gets all events, of all risk levels, at any time.');
    expect(text).toContain('There were no events in the last 7 days');
  });

  test('a preset fills in the fields, and Save updates every open Home at once', async () => {
    await milo.open();
    await dana.editRules();
    await dana.use('rules_preset_escalations');
    await expect.poll(() => dana.modalText()).toContain('gets customer at risk, of high and critical risk');
    expect(await dana.submit()).toMatchObject({ sent: true, errors: {} });
    expect(dana.modal()).toBeUndefined();
    expect(await rules()).toMatchObject({ eventTypes: ['customer_at_risk'], riskThreshold: 'high' });
    for (const who of [dana, milo])
      await expect.poll(() => who.home()).toContain('Customer at risk · high and critical');
  });

  test('each change updates the summary, and what was typed stays', async () => {
    await dana.editRules();
    await dana.choose(
      'eventTypes',
      ['health_score_drop', 'billing_retry_failed'],
      'health score drop and billing',
    );
    await dana.choose('riskThreshold', 'medium', 'medium risk and above');
    await dana.choose('scoreDelta', '7.5', 'only from 7.5 points');
    await dana.choose('timing', 'digest', 'Still missing: time zone.');
    await chooseZone('berlin', 'Mon–Fri 09:00–17:00, Berlin; the rest waits for one digest');
    await dana.choose('days', ['mon', 'sat'], 'Mon, Sat 09:00');
    await dana.choose('start', '22:00', '22:00–17:00');
    await dana.choose('end', '00:00', '22:00–24:00');
    await dana.choose('timing', 'at_once', 'at any time');
    await dana.choose('timing', 'discard', 'Mon, Sat 22:00–24:00, Berlin; the rest is discarded');
    await dana.submit();
    expect(await rules()).toEqual({
      eventTypes: ['health_score_drop', 'billing_retry_failed'],
      riskThreshold: 'medium',
      scoreDeltaMinimum: 7.5,
      owners: 'anyone',
      mentionOwner: 'high_and_critical',
      repeatAfter: 'at_once',
      remindAfter: 'never',
      timing: businessHours({
        timeZone: 'Europe/Berlin',
        days: ['mon', 'sat'],
        start: '22:00',
        end: '24:00',
        outside: 'discard',
      }),
    });
  });

  test('a preset sets which alerts are sent, not when: business hours stay', async () => {
    await dana.editRules();
    await dana.choose('timing', 'digest', 'Still missing');
    await chooseZone('tokyo', 'Tokyo');
    await dana.use('rules_preset_billing_alerts');
    await expect.poll(() => dana.modalText()).toMatch(/billing retry failed, of all risk levels.*Tokyo/);
  });

  test('each error is shown at its own field, and nothing is saved', async () => {
    await dana.editRules();
    await dana.choose('timing', 'digest', 'Still missing');
    const nothing = { [dana.field('timeZone')]: null, [dana.field('days')]: null };
    expect(await dana.submit(nothing)).toMatchObject({
      sent: false,
      errors: { [dana.field('timeZone')]: 'This is a required field' },
    });
    await chooseZone('paris', 'Still missing');
    await dana.choose('days', ['mon'], 'Paris');
    expect((await dana.submit({ [dana.field('scoreDelta')]: '101' })).sent).toBe(false);
    expect(
      await dana.submit({ [dana.field('scoreDelta')]: '5', [dana.field('end')]: '09:00' }),
    ).toMatchObject({
      errors: { [dana.field('end')]: expect.stringContaining('Choose a time other than the opening') },
    });
    // Slack's client checks the fields itself; the app also answers a request that does not come from it.
    expect(await rules()).toMatchObject({ timing: 'at_once' });
  });

  test('a daily digest with other days, dates and public holidays', async () => {
    await dana.editRules();
    await dana.choose('timing', 'daily', 'Still missing: time zone.');
    await chooseZone('berlin', 'one digest a day: Mon–Fri 09:00, Berlin. Critical alerts are sent at once');
    await dana.use('rules_more');
    await expect.poll(() => dana.modalText()).toContain('Public holidays');
    // The first one is "No public holidays".
    await chooseFound('calendar', { query: 'bayern', at: 1 }, 'closed on public holidays of Germany, Bayern');
    await dana.choose('exceptions', 'Fri at three', 'Still missing: other hours.');
    await dana.use('rules_hours');
    await expect.poll(() => dana.modalText()).toContain('Digest at');
    expect(dana.modalText()).not.toContain('Public holidays');
    // An error in a hidden field leads to it.
    await dana.submit();
    expect(dana.modalText()).toContain('Public holidays');
    expect(await dana.submit()).toMatchObject({
      errors: { [dana.field('exceptions')]: expect.stringContaining('“Fri at three” is not clear') },
    });
    await dana.choose('exceptions', 'Fri 15:00\n24 Dec 2096 closed', 'Mon–Thu 09:00, Fri 15:00, Berlin');
    await dana.use('rules_hours');
    await expect.poll(() => dana.modalText()).not.toContain('Public holidays');
    await dana.submit();
    const morning = { start: '09:00', end: '24:00' };
    expect(await rules()).toMatchObject({
      timing: {
        kind: 'daily_digest',
        timeZone: 'Europe/Berlin',
        days: {
          mon: morning,
          tue: morning,
          wed: morning,
          thu: morning,
          fri: { start: '15:00', end: '24:00' },
        },
        holidays: { country: 'DE', region: 'BY', dates: [{ date: '2096-12-24', until: null }] },
      },
    });
    await dana.editRules();
    expect(dana.modalText()).toContain(
      'closed on public holidays of Germany, Bayern, different on a date of its own',
    );
    await dana.use('rules_more');
    await expect
      .poll(() => JSON.stringify(dana.modal()?.content))
      .toContain(JSON.stringify('Fri 15:00\n24 Dec 2096 closed'));
  });

  test('keeps in view what is too long to be kept elsewhere', async () => {
    const typed = '"'.repeat(1500);
    await dana.editRules();
    await dana.choose('timing', 'daily', 'Still missing: time zone.');
    await dana.use('rules_more');
    await expect.poll(() => dana.modalText()).toContain('Public holidays');
    await dana.choose('exceptions', typed, 'Still missing: other hours.');
    await dana.use('rules_hours');
    await expect.poll(() => dana.modalText()).toContain('Digest at');
    expect(JSON.stringify(dana.modal()?.content)).toContain(JSON.stringify(typed));
    await dana.choose('exceptions', '24 Dec 2096 closed', 'Still missing: time zone.');
    await expect.poll(() => dana.modalText()).not.toContain('Other hours');
    await chooseZone('berlin', 'different on a date of its own');
  });

  test('an update leaves the buttons in their blocks, so that it interrupts no click', async () => {
    const blocks = () =>
      elementsOf(dana.modal()?.content.blocks)
        .filter(({ element }) => element.type === 'button')
        .map(({ actionId, blockId }) => `${actionId} in ${blockId}`);
    await dana.editRules();
    const before = blocks();
    await dana.choose('riskThreshold', 'medium', 'medium risk and above');
    expect(blocks()).toEqual(before);
    expect(before).toContain('rules_rare in groups');
  });

  test('the groups of fields replace one another, and lose nothing', async () => {
    await dana.editRules();
    await dana.choose('timing', 'discard', 'Still missing: time zone.');
    await chooseZone('berlin', 'Mon–Fri 09:00–17:00, Berlin');
    await dana.choose('days', ['sat'], 'Sat 09:00–17:00');
    await dana.choose('start', '10:00', 'Sat 10:00–17:00');
    await dana.choose('end', '13:00', 'Sat 10:00–13:00');
    await dana.use('rules_rare');
    await expect.poll(() => dana.modalText()).toContain('Similar alerts');
    expect(dana.modalText()).not.toContain('Opens at');
    await dana.choose('repeatAfter', '6_hours', 'not sent again within 6 hours');
    await dana.use('rules_more');
    await expect.poll(() => dana.modalText()).toContain('Public holidays');
    expect(dana.modalText()).not.toContain('Similar alerts');
    await dana.choose('exceptions', '24 Dec 2096 closed', 'different on a date of its own');
    await dana.choose('timing', 'at_once', 'at any time');
    expect(dana.modalText()).not.toContain('Public holidays');
    await dana.use('rules_rare');
    await expect.poll(() => dana.modalText()).toContain('Similar alerts');
    // Quiet hours show their times.
    await dana.choose('timing', 'digest', 'Sat 10:00–13:00, Berlin; different on a date of its own');
    expect(dana.modalText()).toContain('Opens at');
    await dana.submit();
    expect(await rules()).toMatchObject({
      repeatAfter: '6_hours',
      timing: {
        outside: 'digest',
        days: { sat: { start: '10:00', end: '13:00' } },
        holidays: { dates: [{ date: '2096-12-24', until: null }] },
      },
    });
  });

  test('all day is 00:00 to 00:00', async () => {
    await dana.editRules();
    await dana.choose('timing', 'discard', 'Still missing');
    await chooseZone('utc', 'UTC');
    await dana.submit({ [dana.field('start')]: '00:00', [dana.field('end')]: '00:00' });
    expect(await rules()).toMatchObject({
      timing: { days: { mon: { start: '00:00', end: '24:00' } }, timeZone: 'UTC' },
    });
    await dana.editRules();
    expect(dana.modalText()).toContain('Mon–Fri 00:00–24:00, UTC');
  });

  test('says what the rules would have done with the last seven days', async () => {
    await fixture.running.perly.post({ events: ['Ada', 'Bert', 'Cleo'].map(eventOf) });
    await dana.editRules();
    await expect.poll(() => dana.modalText()).toContain('would have sent 3, held 0 and suppressed 0');
    await dana.choose('riskThreshold', 'critical', 'would have sent 0, held 0 and suppressed 3');
  });

  test('names the latest alerts that the rules would have sent and suppressed, and why', async () => {
    await fixture.running.perly.post({ events: ['Ada', 'Bert', '*Cleo* :tada:', '<!channel>'].map(eventOf) });
    await dana.editRules();
    await expect
      .poll(() => dana.modalText())
      .toContain(
        'Last sent: &lt;!channel&gt; — Health score drop · *Cleo* :tada: — Health score drop · Bert — Health score drop',
      );
    expect(dana.modalText()).not.toContain('Last suppressed');
    await dana.choose(
      'riskThreshold',
      'critical',
      'Last suppressed: &lt;!channel&gt; — Health score drop (risk level too low) · *Cleo*',
    );
    expect(dana.modalText()).not.toContain('Last sent');
    await dana.choose('riskThreshold', 'low', 'Last sent');
    await dana.choose('timing', 'daily', 'Still missing');
    await chooseZone('berlin', /Last sent or held: .*Bert — Health score drop \(held\)/);
  });

  test("a channel without business hours starts with the time zone that the workspace's channels use", async () => {
    await fixture.running.seedChannel('#billing-alerts', 'acct_demo');
    await channels().updateOne(
      { slackChannelId: 'C0BILLING01' },
      {
        $set: {
          managers: 'everyone',
          'rules.timing': businessHours({ timeZone: 'America/New_York', days: ['mon'] }),
        },
      },
    );
    await dana.open();
    await dana.press('channel_edit_rules', 'In short', undefined, 'channel T0ACMECS001:C0HEALTH001');
    await dana.choose('timing', 'digest', 'Mon–Fri 09:00–17:00, New York');
  });
});

test('Slack accepted every view that it was sent', () => {
  expect(fixture.refusals()).toEqual([]);
});
