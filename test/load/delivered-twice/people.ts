import { expect } from 'vitest';
import { toOwnerRef } from '../../../src/slack/views/people-modal.ts';
import { createOwnerUserStore } from '../../../src/store/owner-users.ts';
import { createOwnerStore } from '../../../src/store/owners.ts';
import { accountOf, check, type Fixture, has, people, type StepGroup, team } from './fixture.ts';

const rulesAccount = accountOf('rules');
const ownerIdOf = (index: number) => `own_${String(index).padStart(2, '0')}`;

/** Saves owners without a Slack user. */
export async function saveOwners({ running: { db } }: Fixture, count: number): Promise<void> {
  const stores = { owners: createOwnerStore(db), ownerUsers: createOwnerUserStore(db) };
  await db.collection('owners').deleteMany({});
  await stores.ownerUsers.removeOfLink({ teamId: team, accountId: rulesAccount });
  const all = Array.from({ length: count }, (_, index) => ({
    accountId: rulesAccount,
    id: ownerIdOf(index),
    name: `Owner ${index}`,
  }));
  await stores.owners.save(all, new Date());
}

/** Setting and removing the Slack user of an owner. */
export function createPeople(fixture: Fixture): StepGroup {
  const { running, dana, hold, closeModals } = fixture;
  const place = { teamId: team, accountId: rulesAccount };
  const users = createOwnerUserStore(running.db);
  const removed = { id: ownerIdOf(1), name: 'Owner 1', userId: people.milo };
  const blockOf = (kind: string, index: number) => `${kind} ${toOwnerRef(rulesAccount, ownerIdOf(index))}`;
  async function open() {
    await closeModals();
    await dana.open('People');
    await dana.press('home_people', 'Owners 1–25 of 30');
  }
  async function openLastPage() {
    await open();
    await dana.use('people_next');
    await expect.poll(() => dana.modalText()).toContain('Owners 26–30 of 30');
  }
  return {
    async setup() {
      await saveOwners(fixture, 30);
      const actor = { kind: 'account', accountId: rulesAccount } as const;
      await users.markPublished(await users.save(place, removed, actor, new Date()));
    },
    kinds: {
      async 'open people'() {
        await closeModals();
        await dana.open('People');
        return hold(() => running.slack.click({ user: 'dana', on: 'home', actionId: 'home_people' }));
      },
      async 'set a user'() {
        await open();
        const present = (await users.list(place)).find(({ id }) => id === ownerIdOf(0))?.userId;
        const blockId = `${blockOf('owner', 0)} ${present ?? 'nobody'}`;
        return hold(() => dana.use('people_user', { blockId, choice: people.milo }));
      },
      async 'remove a user'() {
        await openLastPage();
        return hold(() => dana.use('people_remove', { blockId: blockOf('remove', 1) }));
      },
      async 'turn to the next people'() {
        await open();
        return hold(() => dana.use('people_next'));
      },
      async 'turn to the first people'() {
        await openLastPage();
        return hold(() => dana.use('people_previous'));
      },
    },
    async findFaults(steps) {
      if (steps.length === 0) return [];
      const byId = new Map((await users.list(place)).map(({ id, userId }) => [id, userId]));
      const set = has(steps, 'set a user') ? people.milo : undefined;
      const kept = has(steps, 'remove a user') ? undefined : people.milo;
      return [
        ...check('the user of an owner', byId.get(ownerIdOf(0)), [set]),
        ...check('the user of another owner', byId.get(ownerIdOf(1)), [kept]),
      ];
    },
  };
}
