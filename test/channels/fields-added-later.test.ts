import { expect, test } from 'vitest';
import { defaultRules } from '../../src/domain/rules.ts';
import { byDana, dana, health, setupNotifiedApp } from '../support/notified-app.ts';
import { sampleEvent } from '../support/sample-events.ts';

const app = setupNotifiedApp();

/** As the channel would be stored if its rules had been saved before these fields existed. */
async function unsetRules(...fields: string[]): Promise<void> {
  const unset = Object.fromEntries(fields.map((field) => [`rules.${field}`, '']));
  await app.running.db.collection('channels').updateOne({}, { $unset: unset });
}

const asked = async () => (await app.running.perly.api('acct_demo')('get', `/perly/channels/${health}`)).body;

test.each(Object.keys(defaultRules))('a channel without %s in its rules has the default', async (field) => {
  await app.connect();
  const { rules } = await asked();
  await unsetRules(field);
  expect((await asked()).rules).toEqual(rules);
  const seed = sampleEvent('seed-example');
  const customer = { ...seed.customer, name: `Without ${field}` };
  expect((await app.running.perly.post({ ...seed, id: `evt_${field}`, customer })).status).toBe(202);
  await app.running.slack.waitForMessages((messages) => JSON.stringify(messages).includes(customer.name));
});

test('changes of a channel without fields in its rules are published with the defaults', async () => {
  await app.arrange(app.seedChannel);
  await unsetRules(...Object.keys(defaultRules));
  const { settings } = app.running.app;
  const rules = { ...defaultRules, scoreDeltaMinimum: 5 };
  await settings.changeRules(health, 1, rules, dana);
  await unsetRules(...Object.keys(defaultRules));
  await settings.disconnect(health, dana);
  await expect.poll(app.receivedWebhooks).toHaveLength(2);
  expect(await app.listAudit()).toMatchObject([
    byDana('rules_changed', { before: defaultRules, after: rules }),
    byDana('disconnected'),
  ]);
});
