import { describe, expect, test, vi } from 'vitest';
import { openBrowser } from '../../support/browser.ts';
import { failCollection } from '../../support/fail-database.ts';
import { createHomeDriver } from '../../support/home-driver.ts';
import { connectInBrowser, followToPerly, linkInHome, returnFromPerly } from '../../support/linking.ts';
import { setupApp } from '../../support/setup-app.ts';
import { startTestApp } from '../../support/test-app.ts';

const app = setupApp();
const dana = createHomeDriver(() => app.running, 'dana');
const milo = createHomeDriver(() => app.running, 'milo');

const team = 'T0ACMECS001';
const health = `${team}:C0HEALTH001`;
const empty = 'No channels are connected yet';

const send = async (path: string) => (await app.running.perly.api('acct_demo')('delete', path)).status;
const deleteAccount = () => send('/perly/accounts/acct_demo');

describe('an account that Perly deletes', () => {
  test('is gone from every open App Home', async () => {
    await app.running.seedChannel('#customer-health', 'acct_demo');
    await dana.open('<#C0HEALTH001>');
    await milo.open('<#C0HEALTH001>');
    expect(await deleteAccount()).toBe(204);
    for (const person of [dana, milo]) await expect.poll(person.home).toContain(empty);
    expect(dana.home()).not.toContain('acct_demo');
  });

  test.each(['channels', 'deliveries', 'outgoingWebhooks'])(
    'is gone from there once another process has finished, if this one died at its %s',
    async (collection) => {
      await app.running.seedChannel('#customer-health', 'acct_demo');
      await dana.open('<#C0HEALTH001>');
      failCollection(collection);
      expect(await deleteAccount()).toBe(503);
      vi.restoreAllMocks();
      const next = await startTestApp({ beside: app.running });
      await expect.poll(dana.home).toContain(empty);
      await next.close();
    },
  );

  test('takes its question whether to link the workspace along', async () => {
    await connectInBrowser(app.running, openBrowser());
    const browser = openBrowser();
    const state = await followToPerly(browser, await linkInHome(app.running, 'dana'));
    await returnFromPerly(app.running, browser, { state, claims: { name: 'Acme Inc.' } });
    await expect.poll(dana.home).toContain('Link this workspace to the Perly account of Acme Inc.?');
    expect(await deleteAccount()).toBe(204);
    await expect.poll(dana.home).not.toContain('Acme Inc.');
  });

  test('keeps no rules, and a form that is still open promises none', async () => {
    await app.running.seedChannel('#customer-health', 'acct_demo');
    await dana.open('<#C0HEALTH001>');
    await dana.editRules();
    expect(await deleteAccount()).toBe(204);
    await dana.submit();
    expect(dana.modalText()).toContain('This channel is no longer connected');
    expect(dana.modalText()).not.toContain('rules');
  });
});

test('a workspace that is unlinked without a channel no longer shows the account in App Home', async () => {
  await app.running.seedChannel('#customer-health', 'acct_demo');
  await app.running.app.settings.disconnect(health, { kind: 'user', teamId: team, userId: 'U0DANA00001' });
  await dana.open('get the alerts of acct_demo');
  expect(await send(`/perly/links/${team}`)).toBe(204);
  await expect.poll(dana.home).not.toContain('acct_demo');
});
