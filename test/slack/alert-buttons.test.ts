import { describe, expect, test } from 'vitest';
import { hourMs } from '../../src/lib/time.ts';
import { reminderKey } from '../../src/store/deliveries/document.ts';
import { muteCustomer } from '../support/mute-customer.ts';
import { dana, milo, setupAlerts } from './setup-alerts.ts';

const fixture = setupAlerts();
const {
  event,
  eventOn,
  posted,
  linesOf,
  read,
  lastEphemeral,
  delivery,
  mute,
  clickOf,
  blockIdOf,
  lastAnswer,
} = fixture;

describe('a full alert', () => {
  test('says who acknowledged it and when; the button is gone, and later clicks change nothing', async () => {
    const one = event();
    const ts = await posted([one]);
    expect(linesOf(ts)).toContain('[Open in Perly] [Acknowledge] [Mute customer…]');
    const open = await fixture.running.slack.click({ user: 'milo', on: ts, actionId: 'open_in_perly' });
    expect(open.status).toBe(200);
    const acknowledge = { on: ts, actionId: 'acknowledge' };
    // Both people see the button: the second click comes from a client that has not updated the message yet.
    const late = fixture.running.slack.model.message(ts)?.payload;
    expect((await fixture.running.slack.click({ user: 'milo', ...acknowledge })).status).toBe(200);
    await expect.poll(() => read(ts)).toContain('✓ Acknowledged by @U0MILO00002 · ');
    expect(read(ts)).not.toContain('[Acknowledge]');
    expect(read(ts)).toContain('[Open in Perly] [Undo acknowledge] [Mute customer');
    expect(await delivery(one.id)).toMatchObject({ state: 'sent', acknowledgedBy: milo });

    const status = await fetch(`${fixture.running.url}/perly/events/${one.id}`, {
      headers: { authorization: `Bearer ${await fixture.running.perly.token('acct_demo')}` },
    });
    expect(await status.json()).toMatchObject({
      channels: [
        { delivery: { state: 'sent', acknowledged: { by: milo, at: expect.stringMatching(/Z$/) } } },
      ],
    });

    const message = fixture.running.slack.model.message(ts);
    if (message === undefined || late === undefined) throw new Error('the message is gone');
    fixture.running.slack.model.replaceMessage(message, late);
    expect((await fixture.running.slack.click({ user: 'dana', ...acknowledge })).status).toBe(200);
    await expect.poll(() => read(ts)).toContain('✓ Acknowledged by @U0MILO00002 · ');
    expect(await delivery(one.id)).toMatchObject({ acknowledgedBy: milo });
    expect(fixture.running.slack.refusals).toEqual([]);
  });

  test('is open again when whoever acknowledged it, or a manager, undoes that; others are told who can', async () => {
    const { slack } = fixture.running;
    const one = event();
    const ts = await posted([one]);
    const click = (user: string, actionId: string) => slack.click({ user, on: ts, actionId });
    await click('dana', 'acknowledge');
    await expect.poll(() => read(ts)).toContain('[Open in Perly] [Undo acknowledge] [Mute customer');
    await click('milo', 'undo_acknowledge');
    await expect
      .poll(() => lastEphemeral(milo))
      .toBe(
        'Only <@U0DANA00001>, who acknowledged it, and the managers of this channel (<@U0DANA00001>) can undo that, so nothing was changed.',
      );
    expect(await delivery(one.id)).toMatchObject({ acknowledgedBy: dana });

    await click('dana', 'undo_acknowledge');
    await expect.poll(() => read(ts)).toContain('[Open in Perly] [Acknowledge] [Mute customer');
    expect(read(ts)).toMatch(/Acknowledgement undone by @U0DANA00001 · /);
    expect(read(ts)).not.toContain('✓');
    await click('milo', 'acknowledge');
    await expect.poll(() => read(ts)).toContain('✓ Acknowledged by @U0MILO00002 · ');
    expect(read(ts)).not.toContain('undone');
    await click('milo', 'undo_acknowledge');
    await expect.poll(() => read(ts)).toMatch(/Acknowledgement undone by @U0MILO00002 · /);
    await click('milo', 'acknowledge');
    await expect.poll(() => read(ts)).toContain('[Undo acknowledge]');
    await click('dana', 'undo_acknowledge');
    await expect.poll(() => read(ts)).toMatch(/Acknowledgement undone by @U0DANA00001 · /);

    expect(await delivery(one.id)).toMatchObject({
      state: 'sent',
      acknowledgedBy: null,
      acknowledgedAt: null,
      acknowledgementUndone: { by: dana },
    });
    const audit = await fixture.running.db
      .collection('audit')
      .find({ action: 'acknowledgement_undone' })
      .toArray();
    expect(audit.map(({ actor }) => actor.userId)).toEqual([dana, milo, dana]);
    expect(slack.refusals).toEqual([]);
  });

  test('counts once in the audit trail if it and its reminder are undone together', async () => {
    const { db, slack } = fixture.running;
    const one = event();
    const ts = await posted([one]);
    const alert = await delivery(one.id);
    if (alert === null) throw new Error('the alert is gone');
    const reminderId = reminderKey(alert.eventKey, alert.channelId);
    await db.collection<{ _id: string; ref: string; reminder: object }>('deliveries').insertOne({
      ...alert,
      _id: reminderId,
      ref: 'reminder-of-one0',
      reminder: { of: alert._id, openMs: hourMs },
    });
    await slack.click({ user: 'milo', on: ts, actionId: 'acknowledge' });
    await expect.poll(() => read(ts)).toContain('[Undo acknowledge]');
    await slack.click({ user: 'milo', on: ts, actionId: 'undo_acknowledge' });
    await expect.poll(() => read(ts)).toContain('[Acknowledge]');
    const { eventKey } = alert;
    const undone = { eventKey, acknowledgementUndone: { $ne: null } };
    expect(await db.collection('deliveries').countDocuments(undone)).toBe(2);
    const latest = async () =>
      (await db.collection('audit').findOne({ action: 'acknowledgement_undone' }, { sort: { at: -1 } }))
        ?.before;
    await expect.poll(latest).toEqual({ customerId: one.customer.id, count: 1 });
  });

  test('stays acknowledged if somebody undoes late, or twice, what was undone before', async () => {
    const { slack } = fixture.running;
    const one = event();
    const ts = await posted([one]);
    const message = () => {
      const found = slack.model.message(ts);
      if (found === undefined) throw new Error('the message is gone');
      return found;
    };
    const click = (user: string, actionId: string) => slack.click({ user, on: ts, actionId });
    await click('milo', 'acknowledge');
    await expect.poll(() => read(ts)).toContain('[Undo acknowledge]');
    const seenByDana = message().payload;
    await click('milo', 'undo_acknowledge');
    await expect.poll(() => read(ts)).toContain('[Acknowledge]');
    slack.model.replaceMessage(message(), seenByDana);
    // It was undone already: nothing changes, and the message says so.
    await click('dana', 'undo_acknowledge');
    await expect.poll(() => read(ts)).toMatch(/Acknowledgement undone by @U0MILO00002/);
    await click('milo', 'acknowledge');
    await expect.poll(() => read(ts)).toContain('[Undo acknowledge]');
    slack.model.replaceMessage(message(), seenByDana);
    await click('dana', 'undo_acknowledge');
    await expect.poll(() => message().payload).not.toEqual(seenByDana);
    expect(read(ts)).toContain('✓ Acknowledged by @U0MILO00002');
    expect(await delivery(one.id)).toMatchObject({ acknowledgedBy: milo });
  });

  test('mutes its customer, says so to all, and tells the manager how to undo it', async () => {
    const one = eventOn('Loud');
    const ts = await posted([one]);
    await muteCustomer(fixture.running, { user: 'dana', on: ts, period: 'week' });
    await expect.poll(() => lastEphemeral(dana)).toMatch(/^Loud is muted in this channel until/);
    expect(lastEphemeral(dana)).toContain('choose Unmute in the alert');
    expect(read(ts)).toMatch(/Muted until .* by @U0DANA00001/);

    expect(read(ts)).toContain('[Unmute]');
    expect(read(ts)).not.toContain('[Mute customer');

    const again = eventOn('Loud');
    expect(read(await posted([again, eventOn('Other')]))).toMatch(/^Other — /);
    expect(await delivery(again.id)).toBeNull();
  });

  test('is muted by its channel’s managers only; others, including other workspaces, are told who they are', async () => {
    const one = eventOn('Unmuted');
    const ts = await posted([one]);
    await fixture.running.slack.click({ user: 'milo', on: ts, actionId: 'mute_customer' });
    await expect
      .poll(() => lastEphemeral(milo))
      .toBe('Only <@U0DANA00001> can mute customers in this channel. Everyone can acknowledge alerts.');
    expect(await mute(one.customer.id)).toBeNull();
    expect(read(ts)).not.toContain('Muted');

    await fixture.running.db.collection('channels').updateMany({}, { $set: { managers: 'everyone' } });
    const action = { action_id: 'mute_customer', block_id: blockIdOf(one.id) };
    const guest = { user: { id: milo, team_id: 'T0ELSEWHERE' } };
    expect((await fixture.running.slack.sendInteraction(clickOf(ts, action, guest))).status).toBe(200);
    await expect
      .poll(lastAnswer)
      .toMatch(/^Only people of the workspace that connected it can mute customers/);
    expect(await mute(one.customer.id)).toBeNull();

    await muteCustomer(fixture.running, { user: 'milo', on: ts });
    await expect.poll(() => read(ts)).toMatch(/Muted until .* by @U0MILO00002/);
    await fixture.running.db.collection('channels').updateMany({}, { $set: { managers: [dana] } });
  });

  test('never shortens a mute: a second click says so, and Unmute in the alert undoes it', async () => {
    const [first, second] = [eventOn('Twice'), eventOn('Twice')];
    const one = await posted([first]);
    const other = await posted([second]);
    const muteFor = (on: string, period: string) =>
      muteCustomer(fixture.running, { user: 'dana', on, period });
    await muteFor(one, 'month');
    await expect.poll(() => lastEphemeral(dana)).toMatch(/^Twice is muted in this channel until/);
    const until = (await mute(first.customer.id))?.until;
    await muteFor(other, 'day');
    await expect
      .poll(() => lastEphemeral(dana))
      .toMatch(/^Twice was already muted for longer, until .*Unmute/);
    expect(await mute(first.customer.id)).toMatchObject({ until });
    await expect.poll(() => read(other)).toContain('Muted until');

    await fixture.running.slack.click({ user: 'dana', on: other, actionId: 'unmute_customer' });
    await expect
      .poll(() => lastEphemeral(dana))
      .toBe('Twice is no longer muted in this channel: alerts are sent again.');
    expect(read(other)).not.toContain('Muted until');
    expect(read(other)).toContain('[Mute customer');
    await muteFor(other, 'day');
    await expect.poll(() => lastEphemeral(dana)).toMatch(/^Twice is muted in this channel until/);
  });
});
