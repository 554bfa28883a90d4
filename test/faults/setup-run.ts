import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findFreePort, localEnvironment } from '../../sandbox/local-environment.ts';
import { createPerlyClient, type PerlySecrets } from '../../sandbox/perly/client.ts';
import { type LocalSlack, startLocalSlack } from '../../sandbox/slack/local-slack.ts';
import { type AppProcess, createAppProcess } from './app-process.ts';
import { type FaultChannel, ownerUserOf } from './channels.ts';
import type { Cleanup } from './cleanup.ts';
import type { Engine } from './engine.ts';
import type { RunLog } from './run-log.ts';
import { ownerId } from './sample.ts';

const teamId = 'T0FAULTS001';

type Stage = {
  slack: LocalSlack;
  processes: AppProcess[];
  /** Secrets with which Perly signs. */
  secrets: PerlySecrets;
};

/**
 * Slack enforces its rate limit strictly; channels are connected as Perly does it, and get their rules.
 * @param clocks for each process, how far its clock is off. Milliseconds
 * @throws Error with the last output, if the app does not start
 */
export async function setupRun(options: {
  engine: Engine;
  channels: readonly FaultChannel[];
  clocks: readonly number[];
  app: string;
  runLog: RunLog;
  cleanup: Cleanup;
}): Promise<Stage> {
  const { engine, channels, runLog, cleanup } = options;
  const folder = await mkdtemp(join(tmpdir(), 'perly-faults-run-'));
  cleanup.later(() => rm(folder, { recursive: true, force: true }));
  const slack = await startLocalSlack({
    burst: 1,
    teams: [{ id: teamId, name: 'Faults', domain: 'faults', channels: [...channels] }],
  });
  cleanup.later(() => slack.close());
  const failure = new AbortController();
  const shared = localEnvironment(0, slack);
  const processes = await Promise.all(
    options.clocks.map(async (shift, slot) => {
      const port = String(await findFreePort());
      return createAppProcess({
        slot,
        app: options.app,
        folder,
        env: {
          ...shared,
          ...engine.env,
          PORT: port,
          APP_URL: `http://localhost:${port}`,
          CLOCK_SHIFT_MS: String(shift),
        },
        onLine: (line) => runLog.line(slot, line),
        onDeath(code, hadListened) {
          // Without its database it cannot start, and is restarted.
          const text = `process ${slot} ended by itself with ${code}`;
          failure.abort(text);
          if (hadListened) runLog.problem('process', text);
          else runLog.note(`${text} before it listened`);
        },
      });
    }),
  );
  cleanup.later(() => Promise.all(processes.map((app) => app.kill())));
  const secrets = {
    events: shared.PERLY_SECRETS ?? '',
    tokens: shared.PERLY_TOKEN_SECRETS ?? '',
    notify: shared.PERLY_NOTIFY_SECRETS ?? '',
  };
  const setUp = async () => {
    await connect(slack, processes, secrets, channels);
    await setRules(engine, channels);
    await Promise.all(processes.map((app) => app.start()));
  };
  // No fault is active yet: an app that does not start now never will.
  const hasFailed = once(failure.signal, 'abort').then(() => {
    const last = runLog.notes.slice(-5).map(({ text }) => text);
    throw new Error([failure.signal.reason, ...last].join('\n'));
  });
  await Promise.race([setUp(), hasFailed]);
  // Each channel has just received its first message, and takes one message a second.
  await wait(1100);
  return { slack, processes, secrets };
}

async function connect(
  slack: LocalSlack,
  [first]: readonly AppProcess[],
  secrets: PerlySecrets,
  channels: readonly FaultChannel[],
): Promise<void> {
  if (first === undefined) return;
  await first.start();
  slack.setAppUrl(first.url);
  const perly = createPerlyClient(first.url, secrets);
  for (const { accountId, name } of channels) {
    const page = await slack.install(await perly.installUrl(accountId), { channel: `#${name}` });
    if (page.status !== 200) throw new Error(`${name} is not connected: the page answers ${page.status}`);
  }
  for (const accountId of new Set(channels.map((channel) => channel.accountId))) {
    const { status } = await perly.api(accountId)('put', `/perly/links/${teamId}/owners/${ownerId}`, {
      body: { slack_user: ownerUserOf(accountId) },
    });
    if (status !== 200) throw new Error(`the owner of ${accountId} has no user: ${status}`);
  }
  await first.terminate();
  slack.webhookCalls.length = 0;
}

async function setRules(engine: Engine, channels: readonly FaultChannel[]): Promise<void> {
  const { db, close } = await engine.open();
  for (const { id, rules } of channels) {
    const { matchedCount } = await db
      .collection('channels')
      // Reminders are only about alerts sent since then, and the suite backdates alerts.
      .updateOne({ slackChannelId: id }, { $set: { rules, servesSince: new Date(0) } });
    if (matchedCount !== 1) throw new Error(`the database has no channel ${id}`);
  }
  await close();
}

/** Sends everything that waits for a digest, since its channel sends at once from then on. */
export async function openDigests(
  url: string,
  secrets: PerlySecrets,
  channels: readonly FaultChannel[],
): Promise<void> {
  const perly = createPerlyClient(url, secrets);
  for (const { id, accountId, isInDigest } of channels) {
    if (isInDigest === undefined) continue;
    const api = perly.api(accountId);
    const path = `/perly/channels/${teamId}:${id}/rules`;
    const body = { ...(await api('get', path)).body, timing: 'at_once' };
    const { status } = await api('put', path, { body, ifMatch: '*' });
    if (status !== 200) throw new Error(`the rules of ${id} are not changed: ${status}`);
  }
}
