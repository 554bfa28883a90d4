import { setTimeout as wait } from 'node:timers/promises';
import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import type { AppProcess } from './app-process.ts';
import type { Engine } from './engine.ts';
import type { Journal } from './journal.ts';
import type { Disturbance } from './plan.ts';
import type { Trouble } from './record.ts';

/**
 * Has everything of the plan go wrong at its time.
 *
 * @param ended begins the calm early; what has begun is healed all the same
 * @returns settles when all of it is over: every process is up, the database is back, Slack is well
 */
export async function disturb(given: {
  plan: readonly Disturbance[];
  processes: readonly AppProcess[];
  engine: Engine;
  slack: LocalSlack;
  journal: Journal;
  ended: AbortSignal;
}): Promise<void> {
  const { plan, processes, engine, slack, journal, ended } = given;
  const began = journal.now();
  const underWay: Promise<void>[] = [];
  for (const disturbance of plan) {
    await pause(began + disturbance.at - journal.now());
    if (ended.aborted) break;
    underWay.push(run(disturbance));
  }
  await pause(Number.POSITIVE_INFINITY);
  await Promise.all(underWay);
  slack.clearFaults();

  async function run(disturbance: Disturbance): Promise<void> {
    if (disturbance.kind === 'slack') {
      misbehave(disturbance);
      return;
    }
    const { kind, forMs } = disturbance;
    const from = journal.now();
    if (kind === 'cut') {
      const trouble = begin({ kind, from, to: Number.POSITIVE_INFINITY });
      engine.cut();
      journal.note('the database is cut off');
      await pause(forMs);
      engine.mend();
      journal.note('the database is back');
      trouble.to = journal.now();
      return;
    }
    const app = processes[disturbance.slot];
    if (app === undefined) return;
    const trouble = begin({ kind, slot: app.slot, from, to: Number.POSITIVE_INFINITY });
    if (kind === 'kill') {
      journal.note(`process ${app.slot} is killed`);
      await app.kill();
      await pause(forMs);
      journal.note(`process ${app.slot} is started again`);
      await app.start();
      journal.note(`process ${app.slot} listens`);
    } else {
      journal.note(`process ${app.slot} is stopped`);
      app.freeze();
      await pause(forMs);
      app.thaw();
      journal.note(`process ${app.slot} goes on`);
    }
    trouble.to = journal.now();
  }

  function begin(trouble: Trouble): Trouble {
    journal.troubles.push(trouble);
    return trouble;
  }

  function misbehave({ name, fault, channelIds, times }: Disturbance & { kind: 'slack' }): void {
    journal.note(`Slack ${JSON.stringify(fault)} for ${times} of ${channelIds.join(' ')}`, channelIds);
    const armed = channelIds.map((id) => slack.failWebhook(id, fault, times));
    const before = journal.slackFaults.get(name) ?? (() => 0);
    journal.slackFaults.set(name, () => before() + armed.reduce((sum, { hits }) => sum + hits, 0));
  }

  async function pause(ms: number): Promise<void> {
    if (ended.aborted || ms <= 0) return;
    const longest = 2 ** 31 - 1;
    await wait(Math.min(ms, longest), undefined, { signal: ended }).catch(() => undefined);
  }
}
