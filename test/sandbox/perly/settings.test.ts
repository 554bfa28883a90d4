import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../../packages/embedded-mongo/test/support/open-test-database.ts';
import { type Demo, startDemo } from '../../../sandbox/demo/start-demo.ts';
import { unescapeHtml } from '../../../sandbox/slack/html.ts';
import { ensureIndexes } from '../../../src/store/indexes.ts';
import { openBrowser } from '../../support/browser.ts';
import { beginInBrowser, connectInBrowser } from '../../support/linking.ts';

let database: TestDatabase;
let demo: Demo;
const settings = '/settings/notifications/slack';
const channel = `${settings}/channels/T0ACMECS001%3AC0HEALTH001`;

beforeAll(async () => {
  database = await openTestDatabase();
  await ensureIndexes(database.db);
  demo = await startDemo({ db: database.db });
});
afterAll(async () => {
  await demo.close();
  await database.close();
});

const site = () => demo.config.perly.appUrl;
const open = async () => unescapeHtml(await (await fetch(`${site()}${settings}`)).text());

/** Presses a button of the page as a browser does. @returns the page that follows */
async function press(action: string, fields: readonly [string, string][] = []): Promise<string> {
  const answer = await fetch(`${site()}${action}`, {
    method: 'POST',
    body: new URLSearchParams([...fields]),
  });
  expect(answer.status).toBe(200);
  return unescapeHtml(await answer.text());
}

/** The rules form as the page shows it, with some fields changed. */
async function rulesForm(change: readonly [string, string][]): Promise<[string, string][]> {
  const [, version = ''] =
    /name="version" value="(.*?)">/.exec(await (await fetch(`${site()}${settings}`)).text()) ?? [];
  return [
    ['version', unescapeHtml(version)],
    ['event_types', 'customer_at_risk'],
    ['risk_threshold', 'high'],
    ['score_delta_minimum', '5'],
    ...change,
    ['timing', 'at_once'],
  ];
}

describe("the local Perly's settings page", () => {
  test('connects, changes rules, pauses, tests and disconnects through the settings API, and gets webhooks about it', async () => {
    expect(await open()).toContain('No channel is connected yet');
    const begun = await fetch(`${site()}${settings}/connect`, { redirect: 'manual' });
    await demo.slack.install(begun.headers.get('location') ?? '', { channel: '#customer-health' });
    expect(await open()).toContain('Acme CS · active');

    const stale = await rulesForm([]);
    const reminding = await press(`${channel}/rules`, await rulesForm([['remind_after', '1_hour']]));
    expect(reminding).toContain('Rules saved.');
    expect(reminding).toMatch(/<option value="1_hour" selected/);
    expect(await press(`${channel}/rules`, stale)).toContain('The channel was changed since.');
    const hours = [
      ['timing', 'business_hours'],
      ['time_zone', 'Mars/Olympus'],
      ['mon_start', '09:00'],
      ['mon_end', '17:00'],
      ['outside', 'digest'],
    ] as const satisfies readonly [string, string][];
    expect(await press(`${channel}/rules`, await rulesForm([...hours]))).toContain(
      'timing.time_zone must be a time zone such as Europe/Berlin',
    );
    expect(await press(`${channel}/pause`)).toContain('Acme CS · paused');
    expect(await press(`${channel}/resume`)).toContain('Acme CS · active');
    expect(await press(`${channel}/test-alert`)).toContain('Test alert: sent.');
    expect(await press(`${settings}/links/T0ACMECS001/unlink`)).toContain('No workspace is linked yet');
    await expect.poll(open).toMatch(/channel\.disconnected.*channel\.rules_changed.*channel\.connected/s);
  });

  test('links a workspace that came from the App Directory', async () => {
    const browser = openBrowser();
    const app = { slack: demo.slack, url: demo.config.appUrl };
    const state = await beginInBrowser(
      browser,
      await connectInBrowser(app, browser, { channel: '#billing-alerts' }),
    );
    const question = await (await fetch(`${site()}${settings}/link?state=${state}`)).text();
    expect(question).toContain('<strong>Acme CS</strong>');
    expect(question).toContain(`name="state" value="${state}"`);
    const linked = await browser.get(await browser.follow(`${site()}${settings}/linked?state=${state}`));
    expect(await linked.text()).toContain('Your Perly account is linked');
    expect(await open()).toContain('<h3>#billing-alerts</h3>');
    expect(await press(`${settings}/channels/T0ACMECS001%3AC0BILLING01/disconnect`)).toContain(
      'Disconnected.',
    );
  });
});
