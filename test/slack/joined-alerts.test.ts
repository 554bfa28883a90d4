import { describe, expect, test } from 'vitest';
import { dayMs } from '../../src/lib/time.ts';
import { muteCustomer } from '../support/mute-customer.ts';
import { textOf } from '../support/view-text.ts';
import { dana, milo, setupAlerts } from './setup-alerts.ts';

const fixture = setupAlerts();
const { event, eventOn, posted, postedWithMenus, linesOf, parts, read, lastEphemeral, mute } = fixture;

/** Waits until the modal contains `words`. */
async function openMute(user: string, on: string, attachment: number, words: string | RegExp) {
  const { slack } = fixture.running;
  await slack.click({ user, on, actionId: 'alert_menu', attachment, choice: 'mute' });
  await expect.poll(() => textOf(slack.modals(user).at(-1))).toMatch(words);
}

async function muteByMenu(user: string, on: string, attachment: number, period: string): Promise<void> {
  await openMute(user, on, attachment, /^Mute .*\?$/m);
  await fixture.running.slack.submitView(user, { mute: period });
}

describe('a few alerts in one message', () => {
  test('have their own buttons, which keep the layout of the others', async () => {
    const names = ['Alone', 'Along', 'Around'];
    const ts = await posted(names.map((name) => eventOn(name)));
    const { slack } = fixture.running;
    const before = parts(ts);
    expect(before.map((part) => part.split(' — ')[0])).toEqual(names);
    for (const part of before) expect(part).toContain('[Open in Perly] [Acknowledge] [Mute customer');
    const answers = await Promise.all([
      slack.click({ user: 'milo', on: ts, actionId: 'acknowledge', attachment: 1 }),
      slack.click({ user: 'dana', on: ts, actionId: 'acknowledge', attachment: 3 }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await muteCustomer(fixture.running, { user: 'dana', on: ts, attachment: 2, period: 'week' });
    await expect
      .poll(() => parts(ts).map((part) => /(Acknowledged|Muted) .*by @(\w+)/.exec(part)?.slice(1)))
      .toEqual([
        ['Acknowledged', milo],
        ['Muted', dana],
        ['Acknowledged', dana],
      ]);
    expect(parts(ts)[1]).toContain('[Open in Perly] [Acknowledge] [Unmute]');
    await slack.click({ user: 'dana', on: ts, actionId: 'unmute_customer', attachment: 2 });
    await expect.poll(() => parts(ts)[1]).toBe(before[1]);
    expect(slack.refusals).toEqual([]);
  });
});

describe('joined alerts', () => {
  test('are acknowledged individually, even by several people at once', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `Joined${index}`);
    const { slack } = fixture.running;
    const ts = await posted(names.map((name) => eventOn(name)));
    expect(read(ts)).toContain('[⋯ Open in Perly | Acknowledge | Mute customer…]');
    const click = (user: string, attachment: number, choice = 'acknowledge') =>
      fixture.running.slack.click({ user, on: ts, actionId: 'alert_menu', attachment, choice });
    const clicked = await Promise.all([
      click('dana', 1),
      click('milo', 2),
      click('dana', 4),
      click('milo', 3, 'open'),
    ]);
    expect(clicked.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const byName = () => parts(ts).map((part) => /Acknowledged by @(\w+)/.exec(part)?.[1]);
    await expect.poll(byName).toEqual([dana, milo, undefined, dana, undefined, undefined]);
    const entry = JSON.stringify(slack.model.message(ts)?.payload.attachments);
    const undo = [...entry.matchAll(/"(undo_\d+)"/g)].map(([, value]) => value);
    await click('milo', 2, undo[1]);
    await expect.poll(byName).toEqual([dana, undefined, undefined, dana, undefined, undefined]);
    expect(parts(ts)[1]).toMatch(/Acknowledgement undone by @U0MILO00002/);
    expect(fixture.running.slack.refusals).toEqual([]);
  });

  test('are muted for a day, a week or a month, and all of one customer are marked', async () => {
    const names = ['Daily', 'Weekly', 'Monthly', 'Daily', 'Never', 'Neither'];
    const ts = await posted(names.map((name) => eventOn(name)));
    for (const [index, period] of ['day', 'week', 'month'].entries())
      await muteByMenu('dana', ts, index + 1, period);
    await expect
      .poll(() => parts(ts).map((part) => part.includes('Muted until')))
      .toEqual([true, true, true, true, false, false]);
    await fixture.running.slack.click({
      user: 'dana',
      on: ts,
      actionId: 'alert_menu',
      attachment: 2,
      choice: 'unmute',
    });
    await expect
      .poll(() => parts(ts).map((part) => part.includes('Muted until')))
      .toEqual([true, false, true, true, false, false]);
    await muteByMenu('dana', ts, 2, 'week');
    await expect.poll(() => parts(ts)[1]).toContain('Muted until');
    const days = async (name: string) =>
      Math.round(((await mute(`cus_${name}`))?.until - Date.now()) / dayMs);
    expect(await Promise.all(['daily', 'weekly', 'monthly'].map(days))).toEqual([1, 7, 30]);
  });
});

describe('"Mute customer…" of a menu', () => {
  const modal = (user: string) => textOf(fixture.running.slack.modals(user).at(-1));

  test('asks in a modal that names customer and channel; nothing happens until it is submitted', async () => {
    const ts = await postedWithMenus([eventOn('Calm_*er*')]);
    await openMute('dana', ts, 1, 'not even critical ones');
    expect(modal('dana')).toContain('Mute Calm_*er*?');
    expect(modal('dana')).toContain('<#C0HEALTH001>');
    expect(modal('dana')).not.toContain('uted until');
    await fixture.running.slack.closeView('dana');
    expect(await mute('cus_calm_*er*')).toBeNull();
    expect(read(ts)).not.toContain('Muted until');

    await muteByMenu('dana', ts, 1, 'week');
    expect(fixture.running.slack.modals('dana')).toEqual([]);
    await expect
      .poll(() => parts(ts).map((part) => part.includes('Muted until')))
      .toEqual([true, false, false, false, false, false]);
    await expect
      .poll(() => lastEphemeral(dana))
      .toMatch(/^Calm_\*er\* is muted in this channel until .*Unmute/);
    expect(await mute('cus_calm_*er*')).toMatchObject({ mutedBy: dana });
    expect(fixture.running.slack.refusals).toEqual([]);
  });

  test('says until when a customer is already muted; a shorter time changes nothing', async () => {
    const events = ['Muffled', 'Besides'].map((name) => eventOn(name));
    const [first, second] = [
      await postedWithMenus(events),
      await postedWithMenus(events.map(({ customer }) => event({ customer }))),
    ];
    await muteByMenu('dana', first, 1, 'month');
    await expect.poll(() => read(first)).toContain('Muted until');
    await expect.poll(() => lastEphemeral(dana)).toMatch(/^Muffled is muted in this channel/);
    const until = (await mute('cus_muffled'))?.until;
    await openMute('dana', second, 1, /Already muted until .*A shorter time changes nothing/);
    await fixture.running.slack.submitView('dana', { mute: 'day' });
    await expect
      .poll(() => lastEphemeral(dana))
      .toMatch(/^Muffled was already muted for longer, until .*Unmute/);
    expect(await mute('cus_muffled')).toMatchObject({ until });
    expect(read(second)).toContain('Muted until');
  });

  test('mutes nobody for a time that this version does not know, and says so', async () => {
    const { slack } = fixture.running;
    const ts = await posted([eventOn('Timeless')]);
    await slack.click({ user: 'dana', on: ts, actionId: 'mute_customer' });
    await expect.poll(() => modal('dana')).toContain('For how long');
    const { values = {} } = slack.modals('dana').at(-1) ?? {};
    values.mute = JSON.parse(JSON.stringify(values.mute).replace(/"value":"\w+"/, '"value":"other"'));
    await slack.submitView('dana');
    expect(modal('dana')).toContain('Not saved.');
    expect(await mute('cus_timeless')).toBeNull();
    await slack.closeView('dana');
  });

  test('keeps the reason of a mute that is made longer, unless it is changed', async () => {
    const { slack } = fixture.running;
    const first = eventOn('Longer');
    const [one, two] = [await posted([first]), await posted([event({ customer: first.customer })])];
    const open = async (ts: string) => {
      await slack.click({ user: 'dana', on: ts, actionId: 'mute_customer' });
      await expect.poll(() => modal('dana')).toContain('For how long');
    };
    await open(one);
    await slack.submitView('dana', { mute: 'day', mute_reason: 'New *contract*' });
    await expect.poll(() => mute('cus_longer')).not.toBeNull();
    await open(two);
    await slack.submitView('dana', { mute: 'month' });
    await expect.poll(() => read(two)).toContain('Reason: New *contract*');
    expect(await mute('cus_longer')).toMatchObject({ reason: 'New *contract*' });
  });

  test('mutes until any date, with a reason that the alert shows as it was written', async () => {
    const { slack } = fixture.running;
    const ts = await posted([eventOn('Dated')]);
    await slack.click({ user: 'dana', on: ts, actionId: 'mute_customer' });
    await expect.poll(() => modal('dana')).toContain('For how long');
    const choose = (choice: string) =>
      slack.click({ user: 'dana', on: 'modal', actionId: 'mute_choice', choice });
    await choose('date');
    await expect.poll(() => modal('dana')).toContain('In your time zone.');
    await choose('week');
    await expect.poll(() => modal('dana')).not.toContain('In your time zone.');
    await choose('date');
    await expect.poll(() => modal('dana')).toContain('In your time zone.');
    const past = await slack.submitView('dana', { mute_until: 1_600_000_000 });
    expect(past.errors).toEqual({ mute_until: 'Choose a time in the future.' });
    expect(await mute('cus_dated')).toBeNull();

    const until = new Date('2095-12-24T13:00:00Z');
    const reason = ' *Holiday*\n<!here> @channel  until Christmas ';
    await slack.submitView('dana', { mute_until: until.getTime() / 1000, mute_reason: reason });
    await expect.poll(() => mute('cus_dated')).toMatchObject({ until, mutedBy: dana });
    const line = 'Reason: *Holiday* <!here> @channel until Christmas';
    await expect.poll(() => read(ts)).toContain(line);
    const sent = line.replace('<!here>', '&lt;!here&gt;');
    expect(JSON.stringify(slack.model.message(ts)?.payload)).toContain(`"plain_text","text":"${sent}"`);
    expect(slack.refusals).toEqual([]);
  });

  test('is for managers, which is checked again on submission', async () => {
    const ts = await postedWithMenus([eventOn('Guarded')]);
    const byMilo = { user: 'milo', on: ts, actionId: 'alert_menu', attachment: 1, choice: 'mute' };
    const toMilo = () => fixture.running.slack.messages().filter(({ ephemeralTo }) => ephemeralTo === milo);
    const before = toMilo().length;
    await fixture.running.slack.click(byMilo);
    await expect.poll(() => toMilo().length).toBe(before + 1);
    expect(lastEphemeral(milo)).toMatch(/^Only <@U0DANA00001> can mute customers/);
    expect(fixture.running.slack.modals('milo')).toEqual([]);
    await openMute('dana', ts, 1, 'Mute Guarded?');
    const channels = fixture.running.db.collection('channels');
    await channels.updateMany({}, { $set: { managers: [milo] } });
    await fixture.running.slack.submitView('dana', { mute: 'week' });
    await expect.poll(() => modal('dana')).toMatch(/^Only <@U0MILO00002> can mute customers/m);
    expect(await mute('cus_guarded')).toBeNull();
    expect(read(ts)).not.toContain('Muted until');
    await channels.updateMany({}, { $set: { managers: [dana] } });
    await fixture.running.slack.closeView('dana');
  });
});

describe('a digest', () => {
  test('is acknowledged by customer, with all alerts about one, and keeps its counts and order', async () => {
    const { connect, slack, perly, db } = fixture.running;
    await connect('#billing-alerts', 'acct_digest');
    const digestEvent = (name: string, change: object = {}) => ({
      ...eventOn(name),
      account_id: 'acct_digest',
      ...change,
    });
    slack.revokeWebhooks('#billing-alerts');
    await perly.post(digestEvent('Calm', { risk_level: 'low' }));
    const channels = db.collection('channels');
    await expect
      .poll(() => channels.findOne({ slackChannelId: 'C0BILLING01' }))
      .toMatchObject({ status: 'broken' });
    const worst = [digestEvent('Worst', { risk_level: 'critical' }), digestEvent('Worst')];
    await perly.post({ events: worst });
    const before = slack.messages('#billing-alerts').length;
    await connect('#billing-alerts', 'acct_digest');
    const isDigest = (ts: string) => read(ts).includes('While this channel was broken');
    const messages = await slack.waitForMessages(
      (all) => all.length > before && all.some(({ ts }) => isDigest(ts)),
      undefined,
      '#billing-alerts',
    );
    const ts = messages.find((message) => isDigest(message.ts))?.ts ?? '';
    const whole = linesOf(ts);
    expect(whole.slice(0, 2)).toEqual([
      'While this channel was broken: 3 alerts, 2 customers',
      'By risk level: 1 high, 1 low',
    ]);

    await slack.click({ user: 'milo', on: ts, actionId: 'alert_menu', attachment: 1, choice: 'acknowledge' });
    await expect.poll(() => read(ts)).toContain(`✓ Acknowledged by @${milo}`);
    const marked = linesOf(ts);
    expect(marked.slice(0, 3)).toEqual(whole.slice(0, 3));
    expect(marked[3]).toBe('[⋯ Open in Perly | Undo acknowledge | Mute customer…]');
    expect(marked.slice(5)).toEqual(whole.slice(5));
    const acknowledged = await db
      .collection('deliveries')
      .find({
        acknowledgedBy: milo,
        eventKey: { $in: worst.map(({ id }) => JSON.stringify(['acct_digest', id])) },
      })
      .toArray();
    expect(acknowledged).toHaveLength(2);
    const [, undo = ''] = /"(undo_\d+)"/.exec(JSON.stringify(slack.model.message(ts)?.payload)) ?? [];
    const clickFirst = (choice: string) =>
      slack.click({ user: 'milo', on: ts, actionId: 'alert_menu', attachment: 1, choice });
    await clickFirst(undo);
    await expect.poll(() => read(ts)).toContain(`Acknowledgement undone by @${milo}`);
    expect(
      await db.collection('deliveries').countDocuments({ acknowledgedBy: milo, accountId: 'acct_digest' }),
    ).toBe(0);
    await clickFirst('acknowledge');
    await expect.poll(() => read(ts)).toContain(`✓ Acknowledged by @${milo}`);

    await muteByMenu('dana', ts, 2, 'week');
    await expect.poll(() => parts(ts)[1]).toMatch(/^Calm — .*\n.*\nMuted until .* by @U0DANA00001/);
    expect(read(ts)).toContain(`✓ Acknowledged by @${milo}`);
    expect(slack.refusals.filter(({ where }) => where === 'response_url')).toEqual([]);
  });
});
