import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createChannelStore } from '../../src/store/channels.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { sampleEvent } from '../support/sample-events.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const channelCount = 5000;

let running: TestApp | undefined;
let hooks: Server | undefined;
afterEach(async () => {
  await running?.close();
  hooks?.closeAllConnections();
  hooks?.close();
});

test('5,000 channels with work at once are all served, and the slow ones hold up nobody', async () => {
  // Webhooks that count: the first five of them do not answer before all others were served.
  const served = new Set<string>();
  const waiting: ServerResponse[] = [];
  let inFlight = 0;
  let most = 0;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const server = createServer((req, res) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    res.once('finish', () => {
      inFlight -= 1;
    });
    req.resume().once('end', () => {
      const name = req.url?.split('/').at(-1) ?? '';
      served.add(name);
      if (Number(name) < 5 && served.size < channelCount) waiting.push(res);
      else res.end('ok');
      if (served.size === channelCount) finish();
    });
  });
  hooks = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;

  running = await startTestApp({ env: { SLACK_WEBHOOK_ORIGINS: origin } });
  const channels = createChannelStore(running.db, createKeyring(running.config.appSecrets));
  const connect = (index: number) =>
    channels.connect(
      {
        teamId: 'T1',
        teamName: null,
        slackChannelId: `C${index}`,
        name: `#c${index}`,
        accountId: `acct_${index}`,
        webhookUrl: `${origin}/services/T1/B1/${index}`,
        connectedBy: 'U1',
      },
      new Date(),
    );
  for (let from = 0; from < channelCount; from += 250)
    await Promise.all(Array.from({ length: 250 }, (_, index) => connect(from + index)));

  const events = Array.from({ length: channelCount }, (_, index) => ({
    ...sampleEvent('seed-example'),
    account_id: `acct_${index}`,
  }));
  for (let from = 0; from < channelCount; from += 1000) {
    const answer = await running.perly.post({ events: events.slice(from, from + 1000) });
    expect(await answer.json()).toMatchObject({ accepted: 1000 });
  }
  await finished;
  for (const res of waiting) res.end('ok');
  expect(most).toBeLessThanOrEqual(64);
  const deliveries = running.db.collection('deliveries');
  await expect
    .poll(() => deliveries.countDocuments({ state: 'sent' }), { timeout: 20_000, interval: 100 })
    .toBe(channelCount);
}, 120_000);
