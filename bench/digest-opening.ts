import { parseArgs } from 'node:util';
import type { Db } from 'mongodb';
import { createAdjustableClock } from '../sandbox/adjustable-clock.ts';
import { createClockScheduler } from '../sandbox/clock-scheduler.ts';
import { connectChannels, createWebhook } from '../sandbox/connect-channels.ts';
import { findFreePort, localEnvironment } from '../sandbox/local-environment.ts';
import { createPerlyClient, perlySecretsOf } from '../sandbox/perly/client.ts';
import { startLocalSlack } from '../sandbox/slack/local-slack.ts';
import { createApp } from '../src/app/create-app.ts';
import { readConfig } from '../src/config.ts';
import { noHolidays } from '../src/domain/holidays.ts';
import { defaultRules } from '../src/domain/rules.ts';
import type { Timing } from '../src/domain/timing.ts';
import { minuteMs } from '../src/lib/time.ts';
import { createLogger } from '../src/ops/log.ts';
import { watchWrites } from '../src/store/watch-writes.ts';
import { createBenchDatabase } from './bench-database.ts';
import { engineUri } from './engine.ts';

/**
 * Many channels whose business hours open in the same minute: how long until every digest is in the local Slack. By
 * default 10,000 channels with 20 held alerts each.
 */
const { values } = parseArgs({
  options: { channels: { type: 'string', default: '10000' }, alerts: { type: 'string', default: '20' } },
});
const perAccount = 100;
const accounts = Math.ceil(Number(values.channels) / perAccount);
const alerts = Number(values.alerts);
const channelCount = accounts * perAccount;
const batch = 20;
/** Fails after this long without a digest. */
const maxStallMs = minuteMs;
const teamId = 'T0BENCH0001';

const office = { start: '09:00', end: '17:00' };
const timing: Timing = {
  kind: 'business_hours',
  timeZone: 'UTC',
  days: { mon: office, tue: office, wed: office, thu: office, fri: office },
  holidays: noHolidays,
  outside: 'digest',
};
const seeds = Array.from({ length: channelCount }, (_, index) => ({
  id: `C0BENCH${String(index).padStart(6, '0')}`,
  name: `bench-${index}`,
}));
const slack = await startLocalSlack({
  teams: [{ id: teamId, name: 'Bench', domain: 'bench', channels: seeds }],
});
const config = readConfig(localEnvironment(await findFreePort(), slack));
const database = await createBenchDatabase();
await database.use(measureOpening);
await database.remove();
await slack.close();
process.exit(0);

async function measureOpening(db: Db): Promise<void> {
  await connectChannels(
    { db, appSecrets: config.appSecrets },
    seeds.map(({ id, name }, index) => ({
      id,
      name,
      teamId,
      webhookUrl: createWebhook(slack, { id, teamId }),
      accountId: `acct_bench_${Math.floor(index / perAccount)}`,
      rules: { ...defaultRules, timing },
    })),
  );

  // An evening far ahead, so that nothing has expired by the database's clock.
  const clock = createAdjustableClock();
  const advanceTo = (instant: string) => clock.forward(Date.parse(instant) - clock.now().getTime());
  advanceTo('2046-03-26T18:00:00Z');
  const logger = createLogger({ level: 'warn' });
  const { db: watched, writes } = watchWrites(db);
  const app = createApp({
    config,
    db: watched,
    name: 'bench',
    alone: engineUri === undefined ? writes : undefined,
    scheduler: createClockScheduler({ clock, logger }),
    logger,
    clock,
  });
  await app.start();

  const perly = createPerlyClient(config.appUrl, perlySecretsOf(config));
  const postingStart = performance.now();
  for (let account = 0; account < accounts; account++) {
    for (let from = 0; from < alerts; from += batch) {
      const events = Array.from({ length: Math.min(batch, alerts - from) }, (_, index) =>
        eventOf(account, from + index),
      );
      const answer = await perly.post({ events });
      if (answer.status !== 202) throw new Error(`answered with ${answer.status}`);
      const { accepted } = (await answer.json()) as { accepted: number };
      if (accepted !== events.length) throw new Error(`${accepted} of ${events.length} events were accepted`);
    }
  }
  print('posted and held', `${channelCount * alerts} alerts`, performance.now() - postingStart);

  const memory = watchMemory();
  const opening = performance.now();
  const cpuBefore = process.cpuUsage();
  advanceTo('2046-03-27T09:00:00Z');
  const done = new Promise<void>((resolve, reject) => {
    let left = channelCount;
    const stalled = setTimeout(() => reject(new Error(`no digest for a while, ${left} left`)), maxStallMs);
    slack.onMessage(() => {
      stalled.refresh();
      left -= 1;
      if (left % 1000 === 0) print(`  ${channelCount - left} digests`, '', performance.now() - opening);
      if (left === 0) resolve();
    });
  });
  await done;
  const took = performance.now() - opening;
  print('all digests', `${channelCount}`, took);
  const { user, system } = process.cpuUsage(cpuBefore);
  print('  CPU time', '', (user + system) / 1000);
  const twice = channelCount - new Set(slack.messages().map(({ channelId }) => channelId)).size;
  console.log(`channels with two      ${twice}`);
  console.log(`memory at most         ${memory()} MB, of the app, the store and the local Slack together`);
  console.log(`digests a second       ${Math.round(channelCount / (took / 1000))}`);

  await app.stop();
}

function eventOf(account: number, index: number) {
  const customer = `cus_${index % 7}`;
  return {
    id: `evt_${index}`,
    type: 'health_score_drop',
    account_id: `acct_bench_${account}`,
    occurred_at: '2026-03-02T14:05:00Z',
    customer: {
      id: customer,
      name: `Customer ${index % 7}`,
      url: `https://app.perly.ai/customers/${customer}`,
    },
    risk_level: index % 3 === 0 ? 'high' : 'medium',
    health_score: { current: 60 - index, change: -3 },
    signals: ['Login frequency down 60%', 'payment failed twice', 'support tickets up'],
  };
}

/** @returns a function for the peak memory of the process, in megabytes */
function watchMemory(): () => number {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 100);
  return () => {
    clearInterval(timer);
    return Math.round(peak / 1024 / 1024);
  };
}

function print(what: string, count: string, ms: number): void {
  console.log(`${what.padEnd(22)} ${count.padEnd(16)} ${(ms / 1000).toFixed(1)} s`);
}
