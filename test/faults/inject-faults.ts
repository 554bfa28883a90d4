import { setTimeout as wait } from 'node:timers/promises';
import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import type { AppProcess } from './app-process.ts';
import type { Engine } from './engine.ts';
import type { PlannedFault } from './plan.ts';
import type { RunLog } from './run-log.ts';
import type { Outage } from './run-record.ts';

/**
 * @param ended stops injecting early; active faults are still ended
 * @returns a promise that resolves when all faults are over: processes up, database connected, Slack healthy
 */
export async function injectFaults(options: {
  plan: readonly PlannedFault[];
  processes: readonly AppProcess[];
  engine: Engine;
  slack: LocalSlack;
  runLog: RunLog;
  ended: AbortSignal;
}): Promise<void> {
  const { plan, processes, engine, slack, runLog, ended } = options;
  const began = runLog.now();
  const pending: Promise<void>[] = [];
  for (const fault of plan) {
    await pause(began + fault.at - runLog.now());
    if (ended.aborted) break;
    pending.push(run(fault));
  }
  await pause(Number.POSITIVE_INFINITY);
  await Promise.all(pending);
  slack.clearFaults();

  async function run(fault: PlannedFault): Promise<void> {
    if (fault.kind === 'slack') {
      planSlackFault(fault);
      return;
    }
    const { kind, forMs } = fault;
    const from = runLog.now();
    if (kind === 'cut') {
      const outage = begin({ kind, from, to: Number.POSITIVE_INFINITY });
      engine.cut();
      runLog.note('the database is cut off');
      await pause(forMs);
      engine.restore();
      runLog.note('the database is back');
      outage.to = runLog.now();
      return;
    }
    const app = processes[fault.slot];
    if (app === undefined) return;
    const outage = begin({ kind, slot: app.slot, from, to: Number.POSITIVE_INFINITY });
    if (kind === 'kill') {
      runLog.note(`process ${app.slot} is killed`);
      await app.kill();
      await pause(forMs);
      runLog.note(`process ${app.slot} is started again`);
      await app.start();
      runLog.note(`process ${app.slot} listens`);
    } else {
      runLog.note(`process ${app.slot} is stopped`);
      app.freeze();
      await pause(forMs);
      app.thaw();
      runLog.note(`process ${app.slot} goes on`);
    }
    outage.to = runLog.now();
  }

  function begin(outage: Outage): Outage {
    runLog.outages.push(outage);
    return outage;
  }

  function planSlackFault({ name, fault, channelIds, times }: PlannedFault & { kind: 'slack' }): void {
    runLog.note(`Slack ${JSON.stringify(fault)} for ${times} of ${channelIds.join(' ')}`, channelIds);
    const armed = channelIds.map((id) => slack.failWebhook(id, fault, times));
    const before = runLog.slackFaults.get(name) ?? (() => 0);
    runLog.slackFaults.set(name, () => before() + armed.reduce((sum, { hits }) => sum + hits, 0));
  }

  async function pause(ms: number): Promise<void> {
    if (ended.aborted || ms <= 0) return;
    const maxTimeoutMs = 2 ** 31 - 1;
    await wait(Math.min(ms, maxTimeoutMs), undefined, { signal: ended }).catch(() => undefined);
  }
}
