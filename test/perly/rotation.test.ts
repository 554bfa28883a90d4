import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPerlyClient, perlySecretsOf } from '../../sandbox/perly/client.ts';
import { eventOf } from '../support/named-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

/** One secret of each purpose. */
function newSecrets() {
  const [events, notify] = [1, 2].map(() => `whsec_${randomBytes(32).toString('base64')}`);
  return { events: events ?? '', notify: notify ?? '', tokens: randomBytes(32).toString('base64') };
}

const older = newSecrets();
const newer = newSecrets();

/** The settings of the steps in docs/operations.md, "Rotating secrets". Processes of two consecutive steps run at the same time for a while. */
const settings = {
  before: { PERLY_SECRETS: older.events, PERLY_TOKEN_SECRETS: older.tokens },
  both: {
    PERLY_SECRETS: `${newer.events},${older.events}`,
    PERLY_TOKEN_SECRETS: `${older.tokens},${newer.tokens}`,
  },
  switched: {
    PERLY_SECRETS: `${newer.events},${older.events}`,
    PERLY_TOKEN_SECRETS: `${newer.tokens},${older.tokens}`,
  },
  after: { PERLY_SECRETS: newer.events, PERLY_TOKEN_SECRETS: newer.tokens },
};
type Step = keyof typeof settings;
const steps = Object.keys(settings) as Step[];

const apps = new Map<Step, TestApp>();
beforeAll(async () => {
  const first = await startTestApp({ shared: true, env: settings.before });
  apps.set('before', first);
  for (const step of steps.slice(1))
    apps.set(step, await startTestApp({ env: settings[step], beside: first }));
});
afterAll(async () => {
  for (const app of [...apps.values()].reverse()) await app.close();
});

function appOf(step: Step): TestApp {
  const app = apps.get(step);
  if (app === undefined) throw new Error(`No app runs with the settings of ${step}`);
  return app;
}

/** Perly with the older or the newer secrets, as a client of a step's process. */
const perlyAt = (step: Step, secrets: typeof older) => createPerlyClient(appOf(step).url, secrets);

describe.each<[Step, accepts: { older: boolean; newer: boolean }]>([
  ['before', { older: true, newer: false }],
  ['both', { older: true, newer: true }],
  ['switched', { older: true, newer: true }],
  ['after', { older: false, newer: true }],
])('with the settings of the step %s', (step, accepts) => {
  test.each([
    ['older', older],
    ['newer', newer],
  ] as const)('events and tokens of the %s secrets', async (which, secrets) => {
    const perly = perlyAt(step, secrets);
    expect((await perly.post(eventOf(`${step} ${which}`))).status).toBe(accepts[which] ? 202 : 401);
    expect((await perly.api('acct_demo')('get', '/perly/channels')).status).toBe(accepts[which] ? 200 : 401);
  });
});

test.each([
  ['before', 'both'],
  ['both', 'switched'],
  ['switched', 'after'],
] as const)('what the app signs is accepted on both sides of %s and %s', async (...sides) => {
  for (const [signing, checking] of [sides, sides.toReversed()] as [Step, Step][]) {
    const api = createPerlyClient(appOf(signing).url, perlySecretsOf(appOf(signing).config)).api('acct_demo');
    const { body } = await api('post', '/perly/connect-link', { body: {} });
    const link = String(body.url).replace(appOf(signing).url, appOf(checking).url);
    const answer = await fetch(link, { redirect: 'manual' });
    expect({ signing, checking, status: answer.status }).toMatchObject({ status: 200 });
  }
});
