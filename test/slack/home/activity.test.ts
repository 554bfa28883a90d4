import { describe, expect, test } from 'vitest';
import { elementsOf } from '../../../sandbox/slack/find-element.ts';
import { eventOf } from '../../support/named-events.ts';
import { setupHome } from '../../support/setup-home.ts';
import { listControls } from '../../support/view-text.ts';

const fixture = setupHome();
const { dana, channels } = fixture;

const deliveries = () => fixture.running.db.collection('deliveries');
const post = async (...names: string[]) => {
  const answer = await fixture.running.perly.post({ events: names.map(eventOf) });
  expect(answer.status).toBe(202);
};
const sent = (count: number) => expect.poll(() => deliveries().countDocuments({ state: 'sent' })).toBe(count);
const turnOff = (isOff: boolean) =>
  channels().updateOne(
    {},
    { $set: { 'rules.eventTypes': isOff ? ['upsell_opportunity'] : ['health_score_drop'] } },
  );
const open = () => dana.press('channel_activity', 'what happened to them');
const suggest = (user: string, query: string) =>
  fixture.running.slack.suggest({ user, on: 'modal', actionId: 'activity_customer', query });
const labels = async (query: string) =>
  (await suggest('dana', query)).options.map(({ text }) => (text as { text: string }).text);

describe('Activity', () => {
  test('shows what was suppressed for the same reason as one line, with some names', async () => {
    await turnOff(true);
    await post('Ada', 'Bert', 'Cleo', 'Dora');
    await post('Emil');
    await open();
    expect(dana.modalText()).toContain('5 events suppressed: their type is off in the rules');
    expect(dana.modalText()).toContain('Emil, Dora, Cleo and 2 more · received: ');
    expect(dana.modalText()).not.toContain('Ada');
  });

  test('can be filtered by outcome, and shows all again', async () => {
    await post('Ada');
    await sent(1);
    await turnOff(true);
    await post('Bert');
    await open();
    await dana.use('activity_outcome', { choice: 'suppressed' });
    await expect.poll(() => dana.modalText()).not.toContain('Ada');
    expect(dana.modalText()).toContain('Bert');
    await dana.use('activity_outcome', { choice: 'sent' });
    await expect.poll(() => dana.modalText()).not.toContain('Bert');
    expect(dana.modalText()).toContain('Ada');
    await dana.use('activity_outcome', { choice: 'failed' });
    await expect.poll(() => dana.modalText()).toContain('Nothing like this in the last 30 days');
    await dana.use('activity_outcome', { choice: 'all' });
    await expect.poll(() => dana.modalText()).toMatch(/Bert.*Ada/s);
  });

  test('can be searched by customer, and keeps the outcome that was chosen', async () => {
    await post('Ada', 'Bert');
    await sent(2);
    await turnOff(true);
    await post('Ada2');
    await open();
    expect(await labels('')).toEqual(['All customers', 'Ada2', 'Bert', 'Ada']);
    expect(await labels('ad')).toEqual(['All customers', 'Ada2', 'Ada']);
    await dana.use('activity_customer', { choice: 'Ada' });
    await expect.poll(() => dana.modalText()).not.toContain('*Bert*');
    expect(dana.modalText()).toContain('*Ada*');
    await dana.use('activity_outcome', { choice: 'suppressed' });
    await expect.poll(() => dana.modalText()).toContain('Nothing like this');
    await suggest('dana', '');
    await dana.use('activity_customer', { choice: 'All customers' });
    await expect.poll(() => dana.modalText()).toContain('*Ada2*');
    expect(dana.modalText()).not.toContain('*Ada*');
    expect(fixture.running.slack.refusals).toEqual([]);
  });

  test('goes on to older events, and back to the latest', async () => {
    for (let index = 0; index < 30; index++) {
      await turnOff(index % 2 === 0);
      await post(`C${index}`);
    }
    await sent(15);
    await open();
    expect(dana.modalText()).toContain('*C29*');
    expect(dana.modalText()).not.toContain('*C4*');
    await dana.use('activity_older');
    await expect.poll(() => dana.modalText()).toContain('*C4*');
    expect(dana.modalText()).not.toContain('*C29*');
    expect(listControls(dana.modal())).not.toContain('activity_older');
    await dana.use('activity_latest');
    await expect.poll(() => dana.modalText()).toContain('*C29*');
  });

  test('says which alerts came with a digest', async () => {
    await post('Ada');
    await sent(1);
    await deliveries().updateMany({}, { $set: { digest: 'quiet_hours' } });
    await open();
    expect(dana.modalText()).toMatch(/✅ Sent with the digest: <!date/);
  });

  test('offers customers only to those who may see the channel’s', async () => {
    await post('Ada');
    await open();
    expect(await labels('')).toContain('Ada');
    const view = dana.modal();
    const field = elementsOf(view?.content.blocks).find(({ actionId }) => actionId === 'activity_customer');
    expect(field).toBeDefined();
    await channels().updateOne({}, { $set: { managers: ['U0MILO00002'] } });
    expect((await suggest('dana', '')).options).toEqual([]);
  });
});
