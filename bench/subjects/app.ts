import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Db } from 'mongodb';
import { connectChannels } from '../../sandbox/connect-channels.ts';
import { findFreePort } from '../../sandbox/local-environment.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { channelKey } from '../../src/store/channels/store.ts';
import type { BenchDatabase } from '../bench-database.ts';
import { enginePids } from '../engine.ts';
import { accountOf, rulesOf } from '../load/sample.ts';
import type { Sink } from '../load/sink.ts';
import { signedRequest } from './bare.ts';
import { type Subject, startProcess } from './subject.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };

const teamId = 'T0BENCH0001';
const appSecret = randomBytes(32);
const secret = `whsec_${randomBytes(32).toString('base64')}`;

/** The app's id of a channel, by number. */
export function channelIdOf(channel: number): string {
  return channelKey(teamId, slackIdOf(channel));
}

function slackIdOf(channel: number): string {
  return `C0BENCH${String(channel).padStart(6, '0')}`;
}

/** Connects channels number `from` to `to - 1`, each with its own account. */
export function addChannels(db: Db, sink: Sink, { from, to }: { from: number; to: number }): Promise<void> {
  return connectChannels(
    { db, appSecrets: [appSecret] },
    Array.from({ length: to - from }, (_, index) => {
      const number = from + index;
      const id = slackIdOf(number);
      return {
        id,
        teamId,
        name: `bench-${number}`,
        accountId: accountOf(number),
        webhookUrl: `${sink.origin}/services/${teamId}/B${number}/${id}`,
        rules: rulesOf(number),
      };
    }),
  );
}

/** Connects an account's channels in its own workspace, with the default rules. */
export function addWorkspace(
  db: Db,
  sink: Sink,
  { teamId, accountId, channels }: { teamId: string; accountId: string; channels: number },
): Promise<void> {
  return connectChannels(
    { db, appSecrets: [appSecret] },
    Array.from({ length: channels }, (_, index) => ({
      id: `C${index}`,
      teamId,
      name: `channel-${index}`,
      accountId,
      webhookUrl: `${sink.origin}/services/${teamId}/B${index}/C${index}`,
      rules: defaultRules,
    })),
  );
}

/** Posts for an account in its own process: see `bench/load/noisy-account.ts`. */
export function startNoisyAccount(
  subject: Subject,
  { accountId, batch, everyMs }: { accountId: string; batch: number; everyMs: number },
): Promise<{ stop(): Promise<void> }> {
  const { origin } = subject.toRequest([]);
  return startProcess(
    process.execPath,
    ['--import', 'tsx', 'bench/load/noisy-account.ts', accountId, String(batch), String(everyMs)],
    { env: { ORIGIN: origin, SECRET: secret }, ready: 'is posting' },
  );
}

/** The app as `npm start` starts it after `npm run build`, with the log level of production. */
export async function startApp(
  sink: Sink,
  database: BenchDatabase,
  { nodeOptions = [], env = {} }: { nodeOptions?: readonly string[]; env?: Record<string, string> } = {},
): Promise<Subject> {
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const [, ...start] = scripts.start.split(' ');
  const app = await startProcess(process.execPath, [...nodeOptions, ...start], {
    env: {
      ...database.env,
      APP_URL: `http://localhost:${port}`,
      HOST: '127.0.0.1',
      PORT: String(port),
      SLACK_CLIENT_ID: '1.2',
      SLACK_CLIENT_SECRET: randomBytes(16).toString('hex'),
      SLACK_SIGNING_SECRET: randomBytes(16).toString('hex'),
      SLACK_WEBHOOK_ORIGINS: sink.origin,
      PERLY_SECRETS: secret,
      PERLY_TOKEN_SECRETS: randomBytes(32).toString('base64'),
      APP_SECRETS: appSecret.toString('base64'),
      STOP_GRACE_SECONDS: '0',
      ...env,
    },
    ready: 'is listening',
  });
  return {
    pids: [app.pid],
    enginePids,
    toRequest: (events) => signedRequest(origin, secret, events),
    stop: app.stop,
  };
}
