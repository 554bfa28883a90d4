import { expect, onTestFinished, test } from 'vitest';
import { createInstallationChecks } from '../../src/channels/installation-checks.ts';
import type { AuthTest } from '../../src/channels/invalid-tokens.ts';
import { dayMs } from '../../src/lib/time.ts';
import { createLogger } from '../../src/ops/log.ts';
import { createInstallationCheckStore } from '../../src/store/installation-checks.ts';
import { createInstallationStore, type InstallationDocument } from '../../src/store/installations.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { setupDatabase } from '../support/setup-database.ts';

const database = setupDatabase();

const now = new Date('2026-11-02T09:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs);
const tomorrow = daysAgo(-1);

const botWith = (token: string) => ({ id: 'B1', userId: 'U2', token, scopes: ['incoming-webhook'] });

type Answer = Awaited<ReturnType<AuthTest>>;

/**
 * Checks a workspace whose token is called invalid for the third day, while the token of another one works.
 * @param toAnswer Slack's answer about the old token
 */
async function check(toAnswer: (renew: () => Promise<void>) => Promise<Answer>): Promise<string[]> {
  const { db } = database;
  const installations = createInstallationStore(db, createKeyring([Buffer.alloc(32, 1)]));
  const documents = db.collection<InstallationDocument>('installations');
  for (const id of ['T1', 'T2'])
    await installations.save(
      {
        team: { id },
        enterprise: undefined,
        user: { id: 'U1', token: undefined, scopes: undefined },
        bot: botWith(`old of ${id}`),
      },
      daysAgo(9),
      now,
    );
  const countedAt = daysAgo(1);
  await documents.updateOne({ _id: 'T1' }, { $set: { invalidAuth: { days: 2, countedAt } } });
  const asked: string[] = [];
  const checks = createInstallationChecks({
    installations,
    installationChecks: createInstallationCheckStore(db),
    removal: {
      begin: (teamId, bot, reason) => installations.startRemoval(teamId, bot, { at: now, reason }),
    },
    async authTest(token) {
      asked.push(token);
      if (token !== 'old of T1') return { kind: 'works' };
      return toAnswer(() => installations.renewToken('T1', botWith('new of T1'), now));
    },
    clock: { now: () => now },
    random: () => 0.5,
    logger: createLogger({ level: 'silent' }),
  });
  onTestFinished(checks.stop);
  checks.start();
  await expect
    .poll(async () => {
      const found = await find();
      const isDone = asked.includes('new of T1') && found?.nextCheckAt?.getTime() === tomorrow.getTime();
      return isDone || found?.removal !== undefined;
    })
    .toBe(true);
  return asked;
}

const find = () => database.db.collection<InstallationDocument>('installations').findOne({ _id: 'T1' });

test.each<Answer>([
  { kind: 'dead', word: 'account_inactive' },
  { kind: 'dead', word: 'token_revoked' },
])('a token that is replaced while Slack is asked about it removes nothing: $word', async (answer) => {
  const asked = await check(async (renew) => {
    await renew();
    return answer;
  });
  expect(asked).toContain('new of T1');
  const found = await find();
  expect(found).not.toHaveProperty('removal');
  expect(found).not.toHaveProperty('invalidAuth');
});

test('a token that is replaced while Slack calls it invalid again removes nothing', async () => {
  let answers = 0;
  const asked = await check(async (renew) => {
    answers += 1;
    if (answers === 2) await renew();
    return { kind: 'invalid' };
  });
  expect(asked.filter((token) => token === 'old of T1')).toHaveLength(2);
  expect(asked).toContain('new of T1');
  const found = await find();
  expect(found).not.toHaveProperty('removal');
  expect(found).not.toHaveProperty('invalidAuth');
});

test.each<[string, Answer]>([
  ['account_inactive', { kind: 'dead', word: 'account_inactive' }],
  ['invalid_auth', { kind: 'invalid' }],
])('a token that stays is the reason to remove the workspace: %s', async (reason, answer) => {
  await check(async () => answer);
  expect(await find()).toMatchObject({ removal: { at: now, reason } });
});
