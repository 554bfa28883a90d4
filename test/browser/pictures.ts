import { fileURLToPath } from 'node:url';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { account, type Demo } from '../../sandbox/demo/start-demo.ts';
import { readSample } from '../../sandbox/perly/read-sample.ts';
import { hourMs, minuteMs } from '../../src/lib/time.ts';
import { allow, continueToSlack } from './support/consent.ts';
import { frozenClock } from './support/frozen-clock.ts';
import { cardOf, editRules, inShort, pick, save } from './support/home-page.ts';
import type { SlackPage } from './support/slack-page.ts';
import { test as base } from './support/test.ts';

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const zone = 'America/New_York';

/** A Friday afternoon in New York, far enough ahead that nothing has expired. */
const test = base.extend({ clock: frozenClock(new Date('2046-03-02T16:10:00-05:00')) });

/** In light and dark. @param scale `css` if the finer one would be too large a file */
async function screenshot(name: string, of: Locator, scale: 'css' | 'device' = 'device'): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await of.page().emulateMedia({ colorScheme });
    await of.screenshot({ path: `${folder}${name}-${colorScheme}.png`, scale });
  }
}

/** Some minutes after the last event, changed by `more`; waits for its outcome. */
async function post({ perly, clock, config }: Demo, name: string, more: object = {}): Promise<void> {
  clock.forward(9 * minuteMs);
  const sample = readSample(name, config.perly.appUrl);
  const at = clock.now().toISOString();
  const id = `evt_${name}_${at}`;
  const answer = await perly.post({ ...sample, id, occurred_at: at, ...more });
  expect(answer.status).toBe(202);
  const status = async () => (await perly.eventStatus(account.id, id)).text();
  await expect.poll(status).not.toContain('"pending"');
}

/** No sample has a low risk. */
const lowRisk = {
  risk_level: 'low',
  health_score: undefined,
  summary: undefined,
  signals: ['Two of five seats not used this month'],
  suggested_action: undefined,
  details: undefined,
};

test('the pictures of README.md', { timeout: 180_000 }, async ({ sandbox }) => {
  const { demo } = sandbox;
  sandbox.expectErrors(/Slack refused: no_service/);
  const dana = await sandbox.open('dana', {
    viewport: { width: 1280, height: 1300 },
    timezoneId: zone,
    deviceScaleFactor: 1.5,
  });
  await connect(dana);
  await sandbox.connect('#cs-escalations', '#revenue-signals', '#billing-alerts');
  await setRules(dana);
  // Monday morning.
  demo.clock.forward(65 * hourMs);
  await showAlerts(demo, dana);
  await showHome(demo, dana);

  // Tuesday morning.
  demo.clock.forward(14 * hourMs + 20 * minuteMs);
  const messages = await dana.channel('customer-health');
  const digest = messages.filter({ hasText: 'While you were away' });
  await digest.waitFor();
  await screenshot('digest', digest);
});

test('the pictures of docs/integration.md', { timeout: 180_000 }, async ({ sandbox }) => {
  const { demo } = sandbox;
  const window = { viewport: { width: 1280, height: 700 }, timezoneId: zone, deviceScaleFactor: 1.5 };
  const install = async (choice: { channel: string; team?: string; user?: string }) => {
    const installUrl = await demo.perly.installUrl(account.id, { name: account.name });
    expect((await demo.slack.install(installUrl, choice)).status).toBe(200);
  };
  await install({ channel: '#acme-globex' });
  const { customer } = readSample('hostile', demo.config.perly.appUrl);
  const vandelay = { ...customer, id: 'cus_vandelay', name: 'Vandelay' };
  await post(demo, 'customer-at-risk', { details: undefined, customer: vandelay });
  const olga = await sandbox.open('olga@globex', window);
  const messages = await olga.channel('acme-globex');
  await messages.last().getByRole('button', { name: 'Acknowledge' }).click();
  await messages.getByText('Only people of the organisation that connected this channel').waitFor();
  await screenshot('shared-channel', olga.page.getByRole('main'), 'css');

  const dana = await sandbox.open('dana', { ...window, viewport: { width: 1280, height: 420 } });
  await cardOf(await dana.home(), '#acme-globex')
    .state.getByText('shared with another organisation')
    .waitFor();
  await screenshot('shared-home', dana.page.getByRole('main'), 'css');

  for (const [team, ...channels] of [
    ['Acme East', '#east-health', '#group-accounts'],
    ['Acme West', '#west-health', '#group-accounts'],
  ] as const)
    for (const channel of channels) await install({ team, channel, user: 'Wanda Ito' });
  const wanda = await sandbox.open('wanda@acme-west', { ...window, viewport: { width: 1280, height: 640 } });
  await cardOf(await wanda.home(), '#west-health')
    .state.getByText('🟢 Active')
    .waitFor();
  await screenshot('grid-home', wanda.page.locator('.slack'), 'css');
});

async function connect(dana: SlackPage): Promise<void> {
  const tab = await dana.inNewTab(() => dana.page.getByRole('link', { name: 'Connect Slack' }).click());
  await continueToSlack(tab);
  await allow(tab, '#customer-health');
  await tab.getByRole('heading', { name: 'Alerts are active' }).waitFor();
  await tab.setViewportSize({ width: 720, height: 640 });
  await screenshot('connected', tab.locator('body'));
  await tab.close();
}

async function setRules(dana: SlackPage): Promise<void> {
  for (const [channel, preset] of [
    ['#cs-escalations', 'Escalations'],
    ['#revenue-signals', 'Revenue signals'],
    ['#billing-alerts', 'Billing alerts'],
  ] as const) {
    const modal = await editRules(dana, channel);
    await modal.getByRole('button', { name: `${preset}: ` }).click();
    await inShort(modal, /gets (?!all events)/);
    await save(dana);
  }
  const modal = await editRules(dana, '#customer-health');
  await modal.getByRole('radio', { name: 'Outside business hours: one digest afterwards' }).check();
  await pick(modal, 'Time zone', 'New York');
  await inShort(modal, 'New York');
  await save(dana);
}

async function showAlerts(demo: Demo, dana: SlackPage): Promise<void> {
  const messages = await dana.channel('customer-health');
  const { customer } = readSample('hostile', demo.config.perly.appUrl);
  const alerts = [
    [
      'customer-at-risk',
      'Vandelay',
      { ...lowRisk, customer: { ...customer, id: 'cus_vandelay', name: 'Vandelay' } },
    ],
    ['billing-retry-failed', 'Hooli', {}],
    ['expansion-signal', 'Initech', {}],
    ['seed-example', 'Acme Corp', {}],
    ['customer-at-risk', 'Globex', { details: undefined }],
  ] as const;
  for (const [sample, name, more] of alerts) {
    await post(demo, sample, more);
    await messages.getByText(name).first().waitFor();
  }
  await screenshot('alert', messages.filter({ hasText: 'Acme Corp' }));
  await screenshot('alerts', dana.page.getByRole('region', { name: 'Today' }), 'css');
}

/** In the evening: one channel is broken, and another one holds what came after it closed. */
async function showHome(demo: Demo, dana: SlackPage): Promise<void> {
  demo.slack.revokeWebhooks('#billing-alerts');
  await post(demo, 'billing-retry-failed');
  demo.clock.forward(8 * hourMs);
  await post(demo, 'customer-at-risk', { risk_level: 'high', summary: undefined });
  for (const sample of ['seed-example', 'expansion-signal', 'upsell-opportunity']) await post(demo, sample);

  const home = await dana.home();
  await cardOf(home, '#billing-alerts').state.getByText('Broken').waitFor();
  await dana.page.setViewportSize({ width: 1280, height: 990 });
  await screenshot('home', dana.page.getByRole('main'));
  const modal = await editRules(dana, '#customer-health');
  await dana.page.setViewportSize({ width: 1280, height: 2000 });
  await screenshot('rules', modal, 'css');
  await modal.getByRole('button', { name: 'Cancel' }).click();
}
