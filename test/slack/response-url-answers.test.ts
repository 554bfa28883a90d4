import express, { type Response as Answer } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Listening, listen } from '../../sandbox/slack/server.ts';
import { milo, setupAlerts } from './setup-alerts.ts';

const secret = 'responseUrlSecret123';

/** A server in the place of Slack's response URLs; `answer` decides its answers. */
let listening: Listening;
let answer: (res: Answer) => unknown = () => {};
let clicks = 0;
const given: { text?: string; replace_original?: boolean }[] = [];
beforeAll(async () => {
  const web = express().post('/actions/:team/:number/:token', express.json(), (req, res) => {
    given.push(req.body);
    answer(res);
  });
  listening = await listen(web, 0);
});
afterAll(() => listening.close());
afterEach(() => {
  vi.restoreAllMocks();
  given.length = 0;
});

const fixture = setupAlerts({ origins: () => [listening.origin] });
const { eventOn, posted, read, delivery, clickOf, blockIdOf } = fixture;

/** The errors that the app has logged since line `since`. */
function logged(since: number): string[] {
  return fixture.running.logs.slice(since).filter((line) => JSON.parse(line).level === 'error');
}

/** Dana clicks on a new alert, whose response URL is the server's. @returns the alert, its message, and what was logged */
async function click(actionId: string, more: object = {}) {
  // Each alert has a customer of its own, since an earlier one may be muted.
  const one = eventOn(`Answer${++clicks}`);
  const ts = await posted([one]);
  const since = fixture.running.logs.length;
  const response_url = `${listening.origin}/actions/T0ACMECS001/1234567890123/${secret}`;
  const action = { action_id: actionId, block_id: blockIdOf(one.id), ...more };
  const asked = await fixture.running.slack.sendInteraction(
    clickOf(ts, action, { response_url, user: { id: 'U0DANA00001', team_id: 'T0ACMECS001' } }),
  );
  expect(asked.status).toBe(200);
  return { one, ts, logged: () => logged(since) };
}

const json = (body: object) => (res: Answer) => res.json(body);
// If the status is not 2xx, Bolt reports it and does not read the body.
const refused: [name: string, answer: (res: Answer) => unknown, logged: string][] = [
  [
    '200 with {"ok":false}',
    json({ ok: false, error: 'used_url' }),
    'did not accept the answer to a click: used_url',
  ],
  [
    '200 with {"ok":false} and no error',
    json({ ok: false }),
    'did not accept the answer to a click: http_200',
  ],
  [
    '200 with an HTML page',
    (res) => res.type('html').send('<html>Sign in</html>'),
    'did not accept the answer to a click: http_200',
  ],
  [
    '404, as for a URL that was used five times',
    (res) => res.status(404).json({ ok: false, error: 'used_url' }),
    'Failed to respond to the response_url: 404',
  ],
  [
    '404 with a page',
    (res) => res.status(404).type('html').send('<html>Not found</html>'),
    'Failed to respond to the response_url: 404',
  ],
  ['500', (res) => res.status(500).send('rollup_error'), 'Failed to respond to the response_url: 500'],
];

describe.each(refused)('Slack answers %s to the answer to a click', (_, says, why) => {
  test('the click counts, its message stays as it was, and the log says why', async () => {
    answer = says;
    const clicked = await click('acknowledge');
    await expect.poll(() => clicked.logged().join('\n')).toContain(why);
    expect(await delivery(clicked.one.id)).toMatchObject({ acknowledgedBy: 'U0DANA00001' });
    expect(read(clicked.ts)).toContain('[Acknowledge]');
    expect(clicked.logged().join('\n')).not.toContain(secret);
    expect(given).toMatchObject([{ replace_original: true }]);
  });

  test('somebody who unmutes is told at least, if that gets through', async () => {
    let answers = 0;
    answer = (res) => (answers++ === 0 ? says(res) : res.send('ok'));
    const clicked = await click('unmute_customer');
    await expect.poll(() => clicked.logged().join('\n')).toContain(why);
    expect(given).toMatchObject([{ replace_original: true }, { replace_original: false }]);
    expect(given[1]?.text).toContain(clicked.one.customer.name);
  });
});

test('no answer within ten seconds is logged as that, and the next click repairs the message', async () => {
  const { timeout } = AbortSignal;
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) =>
    timeout.call(AbortSignal, ms === 10_000 ? 200 : ms),
  );
  answer = () => {};
  const clicked = await click('acknowledge');
  await expect.poll(() => clicked.logged().join('\n')).toContain('TimeoutError');
  const line = clicked.logged().join('\n');
  expect(line).not.toContain(secret);
  expect(await delivery(clicked.one.id)).toMatchObject({ acknowledgedBy: 'U0DANA00001' });
  vi.restoreAllMocks();
  await fixture.running.slack.click({ user: 'milo', on: clicked.ts, actionId: 'acknowledge' });
  await expect.poll(() => read(clicked.ts)).toContain('✓ Acknowledged by');
  expect(await delivery(clicked.one.id)).not.toMatchObject({ acknowledgedBy: milo });
});
