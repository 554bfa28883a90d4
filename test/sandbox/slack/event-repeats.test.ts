import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type LocalSlack, startLocalSlack } from '../../../sandbox/slack/local-slack.ts';
import { hourMs, minuteMs } from '../../../sandbox/slack/time.ts';
import { patientAnswerMs } from '../../support/patient-timeouts.ts';

let now: number;
let received: IncomingHttpHeaders[];
let bodies: string[];
let answer: (res: ServerResponse) => void;
let slack: LocalSlack;
const server = createServer((req, res) => {
  let body = '';
  req.setEncoding('utf8').on('data', (chunk: string) => {
    body += chunk;
  });
  req.on('end', () => {
    received.push(req.headers);
    bodies.push(body);
    answer(res);
  });
});

const withStatus = (status: number, headers = {}) => {
  answer = (res) => res.writeHead(status, headers).end();
};

async function startSlack({ delayedEvents = false } = {}): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const appUrl = `http://127.0.0.1:${port}`;
  const answerTimeoutMs = patientAnswerMs;
  slack = await startLocalSlack({ clock: () => now, appUrl, answerTimeoutMs, delayedEvents });
}

beforeEach(() => {
  now = Date.now();
  received = [];
  bodies = [];
});
afterEach(async () => {
  await slack.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** For each request, which repeat it was and why. */
const repeats = () =>
  received.map((headers) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]);

async function advance(ms: number): Promise<void> {
  now += ms;
  await slack.repeatEvents();
}

const send = () => slack.sendEvent({ type: 'app_uninstalled' });

describe('an event that the app does not acknowledge', () => {
  test('is repeated at once, after a minute and after five, and then no more', async () => {
    await startSlack();
    withStatus(503);
    expect((await send()).status).toBe(503);
    await expect.poll(repeats).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
    ]);
    await expect.poll(slack.unacknowledgedEvents).toBe(1);
    await advance(minuteMs - 1);
    expect(received).toHaveLength(2);
    await advance(1);
    await expect.poll(repeats).toHaveLength(3);
    await expect.poll(slack.unacknowledgedEvents).toBe(1);
    await advance(5 * minuteMs);
    await expect.poll(repeats).toHaveLength(4);
    expect(repeats().at(-1)).toEqual(['3', 'http_error']);
    await expect.poll(slack.unacknowledgedEvents).toBe(0);
    await advance(48 * hourMs);
    expect(received).toHaveLength(4);
    expect(new Set(bodies).size).toBe(1);
  });

  test('is repeated every hour for a day with Delayed Events', async () => {
    await startSlack({ delayedEvents: true });
    withStatus(503);
    await send();
    for (const ms of [0, minuteMs, 5 * minuteMs, ...Array.from({ length: 25 }, () => hourMs)]) {
      const before = received.length;
      await advance(ms);
      if (before < 28) await expect.poll(() => received.length).toBeGreaterThan(before);
    }
    await expect.poll(slack.unacknowledgedEvents).toBe(0);
    expect(repeats().map(([num]) => num)).toEqual([
      undefined,
      ...Array.from({ length: 27 }, (_, i) => `${i + 1}`),
    ]);
  });

  test('is repeated until it is acknowledged', async () => {
    await startSlack();
    withStatus(500);
    await send();
    await expect.poll(repeats).toHaveLength(2);
    withStatus(200);
    await expect.poll(slack.unacknowledgedEvents).toBe(1);
    await advance(minuteMs);
    await expect.poll(repeats).toHaveLength(3);
    await advance(48 * hourMs);
    expect(received).toHaveLength(3);
  });

  test('is not repeated if the app asks for that', async () => {
    await startSlack();
    withStatus(500, { 'X-Slack-No-Retry': '1' });
    await send();
    expect(slack.unacknowledgedEvents()).toBe(0);
  });

  test.each<[string, (res: ServerResponse, wait: AbortController) => void]>([
    ['connection_failed', (res) => void res.socket?.resetAndDestroy()],
    ['too_many_redirects', (res) => void res.writeHead(302, { location: '/' }).end()],
    ['http_timeout', (_res, wait) => wait.abort(new DOMException('', 'TimeoutError'))],
  ])('says why: %s', async (reason, how) => {
    await startSlack();
    const wait = new AbortController();
    vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(wait.signal);
    onTestFinished(() => void vi.restoreAllMocks());
    answer = (res) => how(res, wait);
    await send();
    withStatus(200);
    await expect.poll(repeats).toContainEqual(['1', reason]);
  });
});

test('one person revokes their permission for the app, and the workspace keeps it', async () => {
  await startSlack();
  withStatus(200);
  await slack.revokeAuthorization('dana');
  expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
    team_id: 'T0ACMECS001',
    event: { type: 'tokens_revoked', tokens: { oauth: ['U0DANA00001'], bot: [] } },
  });
});
