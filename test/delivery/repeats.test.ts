import { Collection } from 'mongodb';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { listActivity } from '../../src/channels/activity.ts';
import { listActivityLines } from '../../src/channels/activity-lines.ts';
import { createDeliveryForwarder } from '../../src/channels/forward-deliveries.ts';
import { previewRules } from '../../src/channels/preview.ts';
import { defaultRules, type Rules } from '../../src/domain/rules.ts';
import { weekdays } from '../../src/domain/vocabulary.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/time.ts';
import { createEventStore } from '../../src/store/events.ts';
import { businessHours } from '../support/business-hours.ts';
import { connectionOf } from '../support/connection-of.ts';
import { setupDatabase } from '../support/setup-database.ts';
import { eventOf, notRepeated, refused, setupRepeats } from '../support/setup-repeats.ts';

const database = setupDatabase();

const setup = (rules?: Parameters<typeof setupRepeats>[1]) => setupRepeats(database.db, rules);

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

  test('in the same request is not repeated either, in any order of levels', async () => {
    const { record, sendAll, messages, outcomeOf, clock } = await setup();
    const levels = ['medium', 'medium', 'critical', 'low', 'high', 'critical'] as const;
    const { receipts } = await record(levels.map((risk_level, at) => eventOf(`evt_${at}`, { risk_level })));
    expect(receipts).toEqual(levels.map(() => 'accepted'));
    await sendAll();
    expect(await Promise.all(levels.map((_, at) => outcomeOf(`evt_${at}`)))).toEqual([
      'sent',
      'repeated',
      'sent',
      'repeated',
      'repeated',
      'repeated',
    ]);
    expect(messages[0]).toContain('1 similar alert since');
    await clock.advance(dayMs);
    await record([eventOf('evt_next')]);
    await sendAll();
    expect(messages.at(-1)).toContain('3 similar alerts since');
  });

  test('counts in a request with one that passes, before it and after it', async () => {
    const { post, record, sendAll, clock, messages, outcomeOf } = await setup();
    await post('evt_1', { risk_level: 'low' });
    const levels = ['low', 'medium', 'low', 'medium', 'low'] as const;
    await record(levels.map((risk_level, at) => eventOf(`evt_at_${at}`, { risk_level })));
    await sendAll();
    expect(messages[1]).toContain('1 similar alert since');
    expect(await Promise.all(levels.map((_, at) => outcomeOf(`evt_at_${at}`)))).toEqual([
      'repeated',
      'sent',
      'repeated',
      'repeated',
      'repeated',
    ]);
    await clock.advance(dayMs);
    await post('evt_2');
    expect(messages[2]).toContain('3 similar alerts since');
  });

  test('counts in a request even if the event before it is a duplicate', async () => {
    const { record, post, sendAll, clock, outcomeOf } = await setup();
    await post('evt_1');
    await clock.advance(dayMs);
    const { receipts } = await record([eventOf('evt_1'), eventOf('evt_2'), eventOf('evt_1')]);
    expect(receipts).toEqual(['duplicate', 'accepted', 'duplicate']);
    await sendAll();
    expect(await outcomeOf('evt_2')).toBe('sent');
  });

  test('is counted until a new one passes, also if the first event is posted again in between', async () => {
    const { post, record, clock, messages } = await setup();
    await post('evt_1');
    expect(await post('evt_2')).toBe('repeated');
    await clock.advance(dayMs);
    expect((await record([eventOf('evt_1')])).receipts).toEqual(['duplicate']);
    const other = { ...eventOf('evt_1'), summary: 'Other content' };
    expect((await record([other])).receipts).toEqual(['conflict']);
    expect(await post('evt_3')).toBe('sent');
    expect(messages.at(-1)).toMatch(notRepeated);
  });

  test('is counted by one command for all customers of a request', async () => {
    const { createProcess, clock, messages, sendAll } = await setup();
    const { customer } = eventOf('evt');
    const named = Array.from({ length: 5 }, (_, index) => ({
      ...customer,
      id: `c${index}`,
      name: `C${index}`,
    }));
    const postAll = (round: string) =>
      createProcess()(named.map((each, index) => eventOf(`evt_${round}_${index}`, { customer: each })));
    await postAll('first');
    await sendAll();
    for (const [id, index] of [
      ['evt_a', 1],
      ['evt_b', 1],
      ['evt_c', 1],
      ['evt_d', 3],
    ] as const)
      await createProcess()([eventOf(id, { customer: { ...customer, ...named[index] } })]);
    await clock.advance(dayMs);
    const aggregate = vi.spyOn(Collection.prototype, 'aggregate');
    onTestFinished(() => aggregate.mockRestore());
    await postAll('second');
    const asked = aggregate.mock.contexts.map((each) => (each as Collection).collectionName);
    expect(asked.filter((name) => name === 'events')).toHaveLength(1);
    await sendAll();
    expect(messages.at(-1)?.match(/\d similar alerts? since/g)).toEqual([
      '3 similar alerts since',
      '1 similar alert since',
    ]);
  });

  test('costs as few commands as others when many are posted again', async () => {
    const { createProcess, clock, documents } = await setup();
    const posted = Array.from({ length: 40 }, (_, index) => eventOf(`evt_${index}`));
    await createProcess()(posted);
    await documents.updateMany({}, { $set: { state: 'failed' } });
    await clock.advance(2 * dayMs);
    let inserts = 0;
    const { insert } = createEventStore(database.db);
    const again = createProcess({
      insert(events) {
        inserts += 1;
        return insert(events);
      },
    });
    expect((await again(posted)).receipts).toEqual(posted.map(() => 'duplicate'));
    expect(inserts).toBe(2);
  });

  test('is sent if the one before failed', async () => {
    const { post, answers, sendAll, record, outcomeOf } = await setup();
    answers.splice(0, 1, refused, refused);
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
    const { post, mutes, clock, channelId } = await setup();
    const until = new Date(clock.now().getTime() + hourMs);
    const { customer } = eventOf('evt');
    await mutes.save({
      channelId,
      accountId: 'acct_demo',
      customerId: customer.id,
      customerName: customer.name,
      until,
      mutedBy: 'U1',
      createdAt: clock.now(),
    });
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

  test('is no repeat of one of another account, or of the same account before the channel served another', async () => {
    const { post, channels, channelId, clock, record, documents } = await setup();
    await post('evt_1');
    const connect = (accountId: string) =>
      channels.connect(connectionOf({ accountId }), clock.now(), { byAccount: true });
    const disconnect = async (accountId: string) =>
      channels.disconnect(
        { _id: channelId, accountId },
        { now: clock.now(), expiresAt: new Date(clock.now().getTime() + dayMs) },
      );
    await clock.advance(minuteMs);
    await disconnect('acct_demo');
    await connect('acct_other');
    const channel = await channels.find(channelId);
    if (channel === undefined) throw new Error('the channel is gone');
    await channels.changeSettings(channel, channel.version, {
      rules: { ...defaultRules, repeatAfter: '7_days' },
    });
    await record([eventOf('evt_2', { account_id: 'acct_other' })]);
    await clock.advance(minuteMs);
    await disconnect('acct_other');
    await connect('acct_demo');
    const again = await channels.find(channelId);
    if (again === undefined) throw new Error('the channel is gone');
    await channels.changeSettings(again, again.version, {
      rules: { ...defaultRules, repeatAfter: '7_days' },
    });
    await record([eventOf('evt_3')]);
    await record([eventOf('evt_4')]);
    const recorded = await documents.find({}, { sort: { sequence: 1 } }).toArray();
    expect(recorded.map(({ eventKey }) => JSON.parse(eventKey)[1])).toEqual(['evt_1', 'evt_2', 'evt_3']);
  });

  test('is no repeat of one in another channel, unless that one moved here', async () => {
    const { record, channels, deliveries, clock, channelId, documents } = await setup();
    await record([eventOf('evt_1')]);
    const { channel: other } = await channels.connect(
      connectionOf({ slackChannelId: 'C0OTHER', name: '#other' }),
      clock.now(),
    );
    await channels.changeSettings(other, other.version, { rules: { ...defaultRules, repeatAfter: '1_day' } });
    const forward = createDeliveryForwarder({
      deliveries,
      withSendingPaused: async (_id, work) => work(true, async () => true),
      scheduleNext: () => {},
      clock,
    });
    expect(await forward({ channelId, accountId: 'acct_demo' }, other._id)).toBe(true);
    await record([eventOf('evt_2')]);
    const moved = await documents.find({ channelId: other._id }).toArray();
    expect(moved.map(({ eventKey, state }) => [JSON.parse(eventKey)[1], state])).toEqual([
      ['evt_1', 'pending'],
    ]);
    // The one that moved away does not count any more.
    const left = await documents.find({ channelId }, { sort: { sequence: 1 } }).toArray();
    expect(left.map(({ state }) => state)).toEqual(['dropped', 'pending']);
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
