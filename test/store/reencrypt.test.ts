import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { uriOf } from '../../sandbox/database-uri.ts';
import { localEnvironment } from '../../sandbox/local-environment.ts';
import { createChannelStore } from '../../src/store/channels/store.ts';
import { createKeyring, deriveKey, type Keyring } from '../../src/store/keyring.ts';
import { reencryptAll } from '../../src/store/reencrypt.ts';
import { builtScript } from '../support/app-process.ts';
import { customersIn, eventOf } from '../support/named-events.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

const [old, fresh, lost] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const;
const inSettings = (...secrets: Buffer[]) => ({
  APP_SECRETS: secrets.map((secret) => secret.toString('base64')).join(','),
});

/** The first process, started before the new secret was the first one. */
let first: TestApp;
beforeAll(async () => {
  first = await startTestApp({
    shared: true,
    paceMs: shortPaceMs,
    env: inSettings(old, fresh),
  });
  await first.connect('#customer-health', 'acct_demo');
});
afterAll(() => first.close());

/** Runs the operators' tool as a process, on the database that the apps are using. */
function reencrypt(...secrets: Buffer[]): { status: number | null; stdout: string } {
  const { status, stdout } = spawnSync(process.execPath, [builtScript('reencrypt')], {
    env: {
      PATH: process.env.PATH,
      ...localEnvironment(3000, first.slack),
      ...inSettings(...secrets),
      MONGODB_URI: uriOf(inject('engineUri'), first.db.databaseName),
    },
    encoding: 'utf8',
  });
  return { status, stdout };
}

/** The number of values in the database that are encrypted with a secret. */
async function countEncryptedWith(secret: Buffer): Promise<number> {
  const keyId = createHash('sha256').update(deriveKey(secret, 'at rest')).digest('hex').slice(0, 8);
  const collections = await first.db.collections();
  const all = await Promise.all(collections.map((collection) => collection.find().toArray()));
  return JSON.stringify(all).split(`v1.${keyId}.`).length - 1;
}

const arrives = async ({ perly, slack }: TestApp, name: string) => {
  await perly.post(eventOf(name));
  await slack.waitForMessages(() => customersIn(slack).includes(name));
};

describe('changing APP_SECRETS', () => {
  test('a new one is added and the old one removed, while processes run and alerts arrive', async () => {
    await arrives(first, 'One');
    expect(await countEncryptedWith(old)).toBe(2);

    // Processes are replaced one by one: one already encrypts with the new secret, and the other can read it.
    const second = await startTestApp({ beside: first, env: inSettings(fresh, old) });
    await second.connect('#customer-health', 'acct_demo');
    await first.connect('#billing-alerts', 'acct_other');
    await arrives(first, 'Two');
    await arrives(second, 'Three');
    await first.app.stop();

    expect(reencrypt(fresh, old)).toEqual({
      status: 0,
      stdout:
        'Re-encrypted: 1 webhook URL.\nRe-encrypted: 1 bot token.\nThe older APP_SECRETS can be removed.\n',
    });
    expect([await countEncryptedWith(old), await countEncryptedWith(fresh)]).toEqual([0, 3]);
    await arrives(second, 'Four');
    await second.close();

    const third = await startTestApp({ beside: first, env: inSettings(fresh) });
    await arrives(third, 'Five');
    expect(reencrypt(fresh)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Re-encrypted: 0 /),
    });
    await third.close();
  });

  test('a missing secret is noticed', async () => {
    const { status, stdout } = reencrypt(lost);
    expect(status).toBe(1);
    expect(stdout).toContain('None of APP_SECRETS decrypts 2 webhook URLs:\n  T');
    expect(stdout).toContain('run this again');
    expect([await countEncryptedWith(lost), await countEncryptedWith(fresh)]).toEqual([0, 3]);
  });
});

test('what the app writes during the re-encryption stays', async () => {
  const channels = createChannelStore(first.db, createKeyring([fresh]));
  const [channel] = await channels.listByAccounts(['acct_demo']);
  if (channel === undefined) throw new Error('There is no channel.');
  const webhookUrl = 'https://hooks.slack.com/services/T1/B1/new';
  const keyring = createKeyring([lost, fresh]);
  let connected: Promise<unknown> | undefined;
  const interrupted: Keyring = {
    ...keyring,
    reencrypt(encrypted, owner) {
      connected ??= channels.connect({ ...channel, webhookUrl }, new Date());
      return keyring.reencrypt(encrypted, owner);
    },
  };
  await reencryptAll(first.db, interrupted);
  await connected;
  await reencryptAll(first.db, keyring);
  expect(await createChannelStore(first.db, keyring).findSendable(channel._id)).toMatchObject({ webhookUrl });
  expect(await countEncryptedWith(fresh)).toBe(0);
});
