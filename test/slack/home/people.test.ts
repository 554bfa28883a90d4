import { afterEach, describe, expect, test, vi } from 'vitest';
import { failCollection } from '../../support/fail-database.ts';
import { eventOf } from '../../support/named-events.ts';
import { setupHome } from '../../support/setup-home.ts';

const fixture = setupHome({ managers: ['U0DANA00001'] });
const { dana, milo } = fixture;
afterEach(() => void vi.restoreAllMocks());

const stored = async () => fixture.running.db.collection('ownerUsers').find().toArray();

async function post(...owners: string[]): Promise<void> {
  const { db, perly } = fixture.running;
  for (const name of ['owners', 'ownerUsers']) await db.collection(name).deleteMany({});
  const at = Date.now();
  const events = owners.map((name, index) => {
    const event = eventOf(`Customer${at}x${index}`);
    return { ...event, customer: { ...event.customer, owner: { id: `own_${at}_${index}`, name } } };
  });
  await perly.post({ events });
  await expect.poll(() => db.collection('owners').countDocuments()).toBe(owners.length);
}

const rows = () => (dana.modal()?.content.blocks ?? []) as { block_id?: string }[];
const rowOf = (index: number) =>
  rows().filter(({ block_id: id }) => id?.startsWith('owner '))[index]?.block_id ?? '';

describe('People in Home', () => {
  test('lists the owners, those without a Slack user first, and saves each choice at once', async () => {
    await post('Ana *Sousa*', 'Ben');
    await dana.open('2 owners of your customers have no Slack user yet');
    await dana.press('home_people', /Ana \*Sousa\*[\s\S]*No Slack user[\s\S]*Ben/);
    await dana.use('people_user', { blockId: rowOf(0), choice: 'U0MILO00002' });
    await expect.poll(() => dana.modalText()).toMatch(/Ben[\s\S]*Ana/);
    expect(await stored()).toMatchObject([
      { name: 'Ana *Sousa*', userId: 'U0MILO00002', accountId: 'acct_demo' },
    ]);
    const audited = await fixture.running.db.collection('audit').findOne({ action: 'owner_user_changed' });
    expect(audited).toMatchObject({
      actor: { kind: 'user', userId: 'U0DANA00001' },
      before: { userId: null },
      after: { userId: 'U0MILO00002' },
    });
    await expect.poll(() => dana.home()).toContain('One owner of your customers has no Slack user yet');
    const removal = rows().find(({ block_id: id }) => id?.startsWith('remove '))?.block_id ?? '';
    const chosen = rowOf(1);
    await dana.use('people_remove', { blockId: removal });
    await expect.poll(stored).toEqual([]);
    // With the same id, Slack would still show the removed user.
    await expect.poll(() => dana.modalText()).not.toContain('Remove');
    expect([rowOf(0), rowOf(1)]).not.toContain(chosen);
  });

  test('says so when a choice cannot be saved', async () => {
    await post('Ana');
    await dana.open('One owner of your customers');
    await dana.press('home_people', 'Ana');
    failCollection('ownerUsers');
    await dana.use('people_user', { blockId: rowOf(0), choice: 'U0MILO00002' });
    await expect.poll(() => dana.modalText()).toContain('That did not work');
    vi.restoreAllMocks();
    expect(await stored()).toEqual([]);
  });

  test('is for managers of a channel', async () => {
    await post('Ana');
    expect(await milo.open('Managed by')).not.toContain('People');
  });

  test('has pages', async () => {
    await post(...Array.from({ length: 30 }, (_, index) => `Owner ${String(index).padStart(2, '0')}`));
    await dana.open('30 owners');
    await dana.press('home_people', 'Owners 1–25 of 30');
    await dana.use('people_next');
    await expect.poll(() => dana.modalText()).toContain('Owners 26–30 of 30');
    await dana.use('people_previous');
    await expect.poll(() => dana.modalText()).toContain('Owners 1–25 of 30');
  });

  test('owners are offered in the rules, and stay chosen while their field is hidden', async () => {
    await post('Ana', 'Ben');
    const { slack, db } = fixture.running;
    await dana.editRules();
    await dana.use('rules_rare');
    await expect.poll(() => dana.modalText()).toContain('Mention the owner');
    expect(dana.modalText()).toContain('Show fewer rules');
    const blockId = dana.field('owners');
    const found = await slack.suggest({
      user: 'dana',
      on: 'modal',
      actionId: 'rules_owners',
      blockId,
      query: 'b',
    });
    expect(found.options).toMatchObject([{ text: { text: 'Ben' } }]);
    await dana.choose('owners', [String(found.options[0]?.value)], 'only customers of one owner');
    await dana.choose('mentionOwner', 'always', 'Owners are always mentioned');
    await dana.choose('remindAfter', '1_hour', 'it is posted once more after 1 hour');
    await dana.use('rules_hours');
    await expect.poll(() => dana.modalText()).not.toContain('Mention the owner');
    expect(dana.modalText()).toMatch(
      /only customers of one owner.* Owners are always mentioned.* once more after 1 hour/,
    );
    expect(await dana.submit()).toMatchObject({ errors: {} });
    const saved = (await db.collection('channels').findOne({}))?.rules;
    expect(saved).toMatchObject({
      owners: [found.options[0]?.value],
      mentionOwner: 'always',
      remindAfter: '1_hour',
    });
    await expect.poll(() => dana.home()).toContain('critical alerts again after 1 hour');
    await expect.poll(() => dana.home()).toContain('customers of one owner');
    await dana.editRules();
    await dana.use('rules_rare');
    await expect.poll(() => dana.modalText()).toContain('Ben');
  });
});

test('Slack accepted every view that it was sent', () => {
  expect(fixture.refusals()).toEqual([]);
});
