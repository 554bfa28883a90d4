import { afterEach, describe, expect, test, vi } from 'vitest';
import { onWrite } from '../support/on-write.ts';
import { dana, milo, setupAlerts } from './setup-alerts.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const fixture = setupAlerts();
const {
  event,
  eventOn,
  posted,
  postedWithMenus,
  read,
  lastEphemeral,
  delivery,
  mute,
  clickOf,
  blockIdOf,
  lastAnswer,
} = fixture;

test('a click whose answer is lost is kept, and the next one repairs the message', async () => {
  const one = event();
  const ts = await posted([one]);
  const action = { action_id: 'acknowledge', block_id: blockIdOf(one.id) };
  const nowhere = { response_url: `${fixture.running.slack.webhookOrigin}/nowhere` };
  const answer = await fixture.running.slack.sendInteraction(clickOf(ts, action, nowhere));
  expect(answer.status).toBe(200);
  await expect.poll(() => delivery(one.id)).toMatchObject({ acknowledgedBy: milo });
  expect(read(ts)).toContain('[Acknowledge]');
  await fixture.running.slack.click({ user: 'dana', on: ts, actionId: 'acknowledge' });
  await expect.poll(() => read(ts)).toContain(`✓ Acknowledged by @${milo}`);
});

describe('a click without effect is answered kindly', () => {
  test('on a message without our ids, as another version may have posted it', async () => {
    const message = { text: 'Acme', attachments: [{ blocks: [{ type: 'actions', block_id: 'abc' }] }] };
    const action = { action_id: 'acknowledge', block_id: 'abc' };
    const answer = await fixture.running.slack.sendInteraction(clickOf('', action, { message }));
    expect(answer.status).toBe(200);
    await expect.poll(lastAnswer).toMatch(/^This alert is no longer stored/);
  });

  test('in a channel that was disconnected, and on an alert that has expired', async () => {
    const one = eventOn('Left');
    const ts = await posted([one]);
    const channels = fixture.running.db.collection('channels');
    const health = { slackChannelId: 'C0HEALTH001' };
    const connected = await channels.findOne(health);
    await channels.updateOne(health, { $set: { status: 'disconnected', accountId: null } });
    await fixture.running.slack.click({ user: 'dana', on: ts, actionId: 'mute_customer' });
    await expect
      .poll(() => lastEphemeral(dana))
      .toMatch(/^This channel is no longer connected to the customer’s Perly account/);
    const answers = () => fixture.running.slack.messages().filter(({ ephemeralTo }) => ephemeralTo === dana);
    const answered = answers().length;
    await fixture.running.slack.click({ user: 'dana', on: ts, actionId: 'acknowledge' });
    await expect.poll(() => answers().length).toBe(answered + 1);
    expect(lastEphemeral(dana)).toMatch(
      /^This channel is no longer connected to the customer’s Perly account/,
    );
    expect(await delivery(one.id)).toMatchObject({ acknowledgedBy: null });
    await channels.replaceOne(health, connected ?? {});

    await fixture.running.db
      .collection('deliveries')
      .deleteMany({ eventKey: JSON.stringify(['acct_demo', one.id]) });
    const before = read(ts);
    await fixture.running.slack.click({ user: 'dana', on: ts, actionId: 'mute_customer' });
    await expect.poll(() => lastEphemeral(dana)).toMatch(/^This alert is no longer stored/);
    expect(read(ts)).toBe(before);
    expect(await mute(one.customer.id)).toBeNull();
  });

  test('in a workspace that removes the app at the same time', async () => {
    const ts = await postedWithMenus([eventOn('Orphaned')]);
    const installations = fixture.running.db.collection('installations');
    const all = await installations.find().toArray();
    onWrite('deliveries', 'findOne', () => installations.deleteMany({}));
    await fixture.running.slack.click({
      user: 'dana',
      on: ts,
      actionId: 'alert_menu',
      attachment: 1,
      choice: 'mute',
    });
    await expect
      .poll(() => lastEphemeral(dana))
      .toMatch(/^This channel is no longer connected to the customer’s Perly account/);
    await installations.insertMany(all);
  });
});
