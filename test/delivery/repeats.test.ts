import { describe, expect, test } from 'vitest';
import { listActivity } from '../../src/channels/activity.ts';
import { listActivityLines } from '../../src/channels/activity-lines.ts';
import { previewRules } from '../../src/channels/preview.ts';
import { defaultRules, type Rules } from '../../src/domain/rules.ts';
import { weekdays } from '../../src/domain/vocabulary.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/time.ts';
import { businessHours } from '../support/business-hours.ts';
import { eventOf, notRepeated, refused, setupRepeats } from '../support/setup-repeats.ts';

const setup = setupRepeats();

/** Open in an hour from now, for an hour. */
const fromThree = businessHours({ days: weekdays, start: '15:00', end: '16:00' });

describe('an alert like one that was sent', () => {
  test('is not repeated until its time is over, and the next one says how many were not', async () => {
    const { post, clock, messages } = await setup();
    expect(await post('evt_1')).toBe('sent');
    await clock.advance(hourMs);
    expect(await post('evt_2')).toBe('repeated');
    expect(await post('evt_3', { risk_level: 'medium' })).toBe('repeated');
    await clock.advance(23 * hourMs);
    expect(await post('evt_4')).toBe('sent');
    expect(messages).toHaveLength(2);
    expect(messages[0]).not.toMatch(notRepeated);
    expect(messages[1]).toContain('2 similar alerts since 5 March 2096, 14:00 UTC were not repeated');
    // Only the next alert says so.
    await clock.advance(dayMs);
    expect(await post('evt_5')).toBe('sent');
    expect(messages[2]).not.toMatch(notRepeated);
  });

  test('is shown as a repeat', async () => {
    const { post, clock, messages } = await setup({ repeatAfter: '1_hour' });
    await post('evt_1');
    await post('evt_2');
    await clock.advance(5 * dayMs);
    await post('evt_3');
    expect(messages[1]).toContain('1 similar alert since 5 March 2096, 14:00 UTC was not repeated');
  });

  test('passes with a higher level, and counts from then on', async () => {
    const { post, clock, messages } = await setup();
    await post('evt_1', { risk_level: 'medium' });
    expect(await post('evt_2', { risk_level: 'medium' })).toBe('repeated');
    expect(await post('evt_3', { risk_level: 'critical' })).toBe('sent');
    expect(messages[1]).toContain('1 similar alert since');
    expect(await post('evt_4', { risk_level: 'critical' })).toBe('repeated');
    expect(await post('evt_5')).toBe('repeated');
    await clock.advance(dayMs);
    expect(await post('evt_6')).toBe('sent');
    expect(messages[2]).toContain('2 similar alerts since');
  });

  test('without a level is below all levels', async () => {
    const { post } = await setup();
    const none = { type: 'billing_retry_failed', risk_level: undefined } as const;
    expect(await post('evt_1', none)).toBe('sent');
    expect(await post('evt_2', none)).toBe('repeated');
    expect(await post('evt_3', { ...none, risk_level: 'low' })).toBe('sent');
    expect(await post('evt_4', none)).toBe('repeated');
  });

  test('is compared with those of the same customer and type only', async () => {
    const { post } = await setup();
    const { customer } = eventOf('evt');
    expect(await post('evt_1')).toBe('sent');
    expect(await post('evt_2', { customer: { ...customer, id: 'cus_other' } })).toBe('sent');
    expect(await post('evt_3', { type: 'customer_at_risk' })).toBe('sent');
    expect(await post('evt_4')).toBe('repeated');
  });

  test('is repeated where the rules do not say otherwise, and is then not remembered', async () => {
    const { post, change, documents } = await setup();
    await change({ repeatAfter: 'at_once' });
    expect(await post('evt_1')).toBe('sent');
    expect(await post('evt_2')).toBe('sent');
    expect(await documents.countDocuments({ repeat: { $exists: true } })).toBe(0);
    await change({});
    expect(await post('evt_3')).toBe('sent');
    expect(await post('evt_4')).toBe('repeated');
    await change({ repeatAfter: '1_hour' });
    expect(await post('evt_5')).toBe('repeated');
    await change({ repeatAfter: 'at_once' });
    expect(await post('evt_6')).toBe('sent');
  });

  test('is sent if the one before failed', async () => {
    const { post, answers, sendAll, record, outcomeOf } = await setup();
    answers.push(refused, refused);
    expect(await post('evt_1')).toBe('failed');
    expect(await post('evt_2')).toBe('sent');
    // Within the time in which two processes could have claimed the same alert.
    await record([eventOf('evt_3')]);
    await sendAll();
    expect(await outcomeOf('evt_3')).toBe('repeated');
  });

  test('is sent if Slack has not taken the one before for an hour', async () => {
    const { record, clock, outcomeOf } = await setup();
    await record([eventOf('evt_1')]);
    await clock.advance(hourMs - 1);
    await record([eventOf('evt_2')]);
    expect(await outcomeOf('evt_2')).toBe('repeated');
    await clock.advance(1);
    await record([eventOf('evt_3')]);
    expect(await outcomeOf('evt_3')).toBe('pending');
  });

  test('is sent once its customer is no longer muted, if none was sent before', async () => {
    const { post, mute, clock } = await setup();
    await mute(hourMs);
    expect(await post('evt_1')).toBe('customer_muted');
    await clock.advance(hourMs);
    expect(await post('evt_2')).toBe('sent');
  });

  test('is not repeated while the one before waits for its digest, nor soon after that', async () => {
    const { record, change, clock, sendAll, outcomeOf, messages } = await setup();
    await change({ timing: fromThree, repeatAfter: '1_hour' });
    await record([eventOf('evt_1')]);
    await record([eventOf('evt_2')]);
    expect([await outcomeOf('evt_1'), await outcomeOf('evt_2')]).toEqual(['held', 'repeated']);
    await clock.advance(hourMs);
    await sendAll();
    expect(await outcomeOf('evt_1')).toBe('sent');
    // The time counts from when it was sent.
    await clock.advance(59 * minuteMs);
    await record([eventOf('evt_3')]);
    expect(await outcomeOf('evt_3')).toBe('repeated');
    await clock.advance(minuteMs);
    await record([eventOf('evt_4')]);
    expect(await outcomeOf('evt_4')).toBe('held');
    await clock.advance(dayMs);
    await sendAll();
    expect(messages.at(-1)).toContain('2 similar alerts since');
  });

  test('is held back, however a change of rules affects what is held', async () => {
    const { record, change, clock, sendAll, outcomeOf } = await setup();
    // Two that were held before repeats were limited are no repeats of each other.
    await change({ timing: fromThree, repeatAfter: 'at_once' });
    await record([eventOf('evt_1')]);
    await record([eventOf('evt_2')]);
    await change({ timing: fromThree });
    await sendAll();
    await clock.advance(hourMs);
    await sendAll();
    expect([await outcomeOf('evt_1'), await outcomeOf('evt_2')]).toEqual(['sent', 'sent']);
  });
});

describe('clocks', () => {
  test('an alert that was dated years ahead holds nothing back', async () => {
    const { post, clock, documents } = await setup();
    await post('evt_1');
    const ahead = new Date(clock.now().getTime() + 400 * dayMs);
    await documents.updateMany({}, { $set: { finishedAt: ahead, 'repeat.until': ahead } });
    expect(await post('evt_2')).toBe('sent');
  });

  test('an alert of a process whose clock is minutes ahead counts', async () => {
    const { post, clock, documents } = await setup({ repeatAfter: '1_hour' });
    await post('evt_1');
    const ahead = new Date(clock.now().getTime() + 5 * minuteMs);
    await documents.updateMany({}, { $set: { createdAt: ahead, finishedAt: ahead } });
    expect(await post('evt_2')).toBe('repeated');
  });
});

test.runIf(process.env.MONGODB_URI === undefined)(
  'similar alerts are found by an index, however many others there are',
  async () => {
    const { post, db, documents, clock } = await setup();
    await post('evt_1');
    const one = await documents.findOne();
    if (one === null) throw new Error('the delivery is gone');
    const { repeat, ...other } = one;
    await documents.insertMany(
      Array.from({ length: 200 }, (_, index) => ({ ...other, _id: `d${index}`, ref: `r${index}` })),
    );
    const similar = {
      'repeat.key': { $in: [repeat?.key, 'another'] },
      'repeat.until': { $type: 'date', $gt: clock.now() },
    };
    const { queryPlanner, executionStats } = await db.command({
      explain: { find: 'deliveries', filter: similar },
    });
    expect([queryPlanner.winningPlan.indexName, executionStats.totalDocsExamined]).toEqual(['similar', 1]);
  },
);

describe('people', () => {
  test('find those that were not repeated in Activity, a run of them as one line', async () => {
    const { post, events, deliveries, channelId } = await setup();
    for (const id of ['evt_1', 'evt_2', 'evt_3', 'evt_4']) await post(id);
    const channel = { _id: channelId, accountId: 'acct_demo' };
    const { lines } = await listActivityLines(
      (query) => listActivity({ events, deliveries }, channel, query),
      {},
    );
    expect(lines.map((line) => [line.length, line[0].outcome, line[0].reason])).toEqual([
      [3, 'suppressed', 'repeated'],
      [1, 'sent', null],
    ]);
  });

  test('see in the preview what rules would not have repeated', async () => {
    const { post, events, mutes, clock, channelId, change } = await setup();
    await change({ repeatAfter: 'at_once' });
    for (const id of ['evt_1', 'evt_2', 'evt_3']) {
      await post(id);
      await clock.advance(40 * minuteMs);
    }
    const channel = { _id: channelId, accountId: 'acct_demo' };
    const preview = (rules: Partial<Rules>) =>
      previewRules({ events, mutes, clock }, channel, { ...defaultRules, ...rules });
    expect(await preview({ repeatAfter: '1_hour' })).toMatchObject({ sent: 2, suppressed: 1 });
    expect(await preview({ repeatAfter: '1_day' })).toMatchObject({
      sent: 1,
      suppressed: 2,
      latestSuppressed: [{ reason: 'repeated' }, { reason: 'repeated' }],
    });
    expect(await preview({})).toMatchObject({ sent: 3, suppressed: 0 });
  });
});
