import { createServer, type ServerResponse } from 'node:http';
import { expect, onTestFinished } from 'vitest';
import { createChannelStore } from '../../src/store/channels/store.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { sampleEvent } from './sample-events.ts';
import { startTestApp } from './test-app.ts';

/** Gives all channels work at once, and expects that all are served and that slow ones hold up no others. */
export async function serveManyChannels(channelCount: number): Promise<void> {
  // The first five webhooks answer only after all others were served.
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
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;

  const running = await startTestApp({ env: { SLACK_WEBHOOK_ORIGINS: origin } });
  onTestFinished(() => running.close());
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
    await Promise.all(
      Array.from({ length: Math.min(250, channelCount - from) }, (_, index) => connect(from + index)),
    );

  const events = Array.from({ length: channelCount }, (_, index) => ({
    ...sampleEvent('seed-example'),
    account_id: `acct_${index}`,
  }));
  for (let from = 0; from < channelCount; from += 1000) {
    const batch = events.slice(from, from + 1000);
    const answer = await running.perly.post({ events: batch });
    expect(await answer.json()).toMatchObject({ accepted: batch.length });
  }
  await finished;
  for (const res of waiting) res.end('ok');
  expect(most).toBeLessThanOrEqual(64);
  const deliveries = running.db.collection('deliveries');
  await expect.poll(() => deliveries.countDocuments({ state: 'sent' }), { interval: 100 }).toBe(channelCount);
}
