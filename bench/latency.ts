import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { Agent, request } from 'undici';
import { connectChannels } from '../sandbox/connect-channels.ts';
import { findFreePort, localEnvironment } from '../sandbox/local-environment.ts';
import { createPerlyClient, type PerlyClient } from '../sandbox/perly/client.ts';
import { type LocalSlack, startLocalSlack } from '../sandbox/slack/local-slack.ts';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/ops/log.ts';
import { defaultRules } from '../src/rules/rules.ts';
import { openBenchDatabase } from './open-bench-database.ts';

/**
 * From the POST of an event to its message at the local Slack: the app, and a bare server that verifies and posts at
 * once without storing anything. One event a channel, one after the other, so that Slack's pace plays no part.
 */
const channelCount = 200;
const warmUp = 20;

const seeds = Array.from({ length: channelCount }, (_, index) => ({
  id: `C0BENCH${String(index).padStart(4, '0')}`,
  name: `bench-${index}`,
}));
const slack = await startLocalSlack({ channels: seeds });

const app = await measureApp(slack);
const bare = await measureBare(slack);
await slack.close();

const rows = [
  ['', 'p50', 'p90', 'p99'],
  ['bare server', ...bare.map(format)],
  ['the app', ...app.map(format)],
  ['the app / bare', ...app.map((value, index) => `${(value / (bare[index] ?? 1)).toFixed(1)}×`)],
];
for (const row of rows)
  console.log(row.map((cell, index) => (index === 0 ? cell.padEnd(16) : cell.padStart(10))).join(''));
process.exit(0);

async function measureApp(to: LocalSlack): Promise<number[]> {
  const config = readConfig(localEnvironment(await findFreePort(), to));
  const database = await openBenchDatabase();
  const app = createApp({
    config,
    db: database.db,
    name: 'bench',
    alone: true,
    logger: createLogger({ level: 'warn' }),
  });
  await app.start();
  const perly = createPerlyClient(config.appUrl, config.perly.secrets[0] ?? '');
  await connectChannels(
    { slack: to, db: database.db, appSecrets: config.appSecrets },
    seeds.map((seed, index) => ({
      ...seed,
      teamId: to.model.team().id,
      accountId: `acct_bench_${index}`,
      rules: defaultRules,
    })),
  );
  const figures = await measure(perly, to);
  await app.stop();
  await database.close();
  return figures;
}

async function measureBare(to: LocalSlack): Promise<number[]> {
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const webhook = new Webhook(secret);
  const agent = new Agent();
  const urls = new Map<string, string>();
  async function take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const event = webhook.verify(
      Buffer.concat(chunks).toString(),
      req.headers as Record<string, string>,
    ) as BenchEvent;
    res.writeHead(202).end('{}');
    const posted = await request(urls.get(event.account_id) ?? '', {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: `${event.customer.name}: ${event.type}` }),
    });
    await posted.body.dump();
  }
  const server = createServer((req, res) => {
    take(req, res).catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined));
  });
  const port = await findFreePort();
  await new Promise<void>((resolve) => server.listen(port, resolve));
  // The app's channels have a webhook each.
  for (const { channelId, url } of to.webhooks)
    urls.set(`acct_bench_${seeds.findIndex(({ id }) => id === channelId)}`, url);
  await wait(1100);
  const figures = await measure(createPerlyClient(`http://localhost:${port}`, secret), to);
  server.closeAllConnections();
  server.close();
  await agent.close();
  return figures;
}

type BenchEvent = ReturnType<typeof eventOf>;

function eventOf(index: number) {
  return {
    id: `evt_bench_${index}`,
    type: 'health_score_drop',
    account_id: `acct_bench_${index}`,
    occurred_at: '2026-03-02T14:05:00Z',
    customer: { id: 'cus_acme', name: 'Acme Corp', url: 'https://app.perly.ai/customers/cus_acme' },
    risk_level: 'high',
    health_score: { current: 32, change: -18 },
    signals: ['Login frequency down 60%', 'payment failed twice', 'support tickets up'],
  };
}

/** @returns p50, p90 and p99 in milliseconds */
async function measure(perly: PerlyClient, to: LocalSlack): Promise<number[]> {
  const times: number[] = [];
  for (const index of seeds.keys()) {
    const arrival = new Promise<number>((resolve) => {
      const stop = to.onMessage(() => {
        stop();
        resolve(performance.now());
      });
    });
    const start = performance.now();
    const answer = await perly.post(eventOf(index));
    if (answer.status !== 202) throw new Error(`answered with ${answer.status}`);
    await answer.body?.cancel();
    const took = (await arrival) - start;
    if (index >= warmUp) times.push(took);
    await wait(5);
  }
  times.sort((a, b) => a - b);
  return [0.5, 0.9, 0.99].map((share) => times[Math.floor(times.length * share)] ?? Number.NaN);
}

function format(ms: number): string {
  return `${ms.toFixed(2)} ms`;
}
