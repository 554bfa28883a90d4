import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { LoadRequest } from '../load/open-loop.ts';
import type { SampleEvent } from '../load/sample.ts';

/** What takes events and posts messages, as a process of its own or as several. */
export type Subject = {
  /** Its processes. */
  pids: number[];
  /** A request that posts these events; more than one is a batch. Its signature is good for five minutes. */
  toRequest(events: readonly SampleEvent[]): LoadRequest;
  stop(): Promise<void>;
};

/** Starts a process and waits until it says a line with `ready` in it. @throws Error with what it said when it ends before */
export async function startProcess(
  command: string,
  args: readonly string[],
  { env = {}, ready }: { env?: Record<string, string>; ready: string },
): Promise<{ pid: number; stop(): Promise<void> }> {
  const child: ChildProcess = spawn(command, args, {
    // Nothing of whoever measures but where programs are found: their settings are not the subject's.
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const exited = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${command} ended:\n${said.join('\n')}`)));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      const lines = createInterface(stream).on('line', (line) => {
        said.push(line);
        if (line.includes(ready)) resolve();
        // From then on what it says is read, and not looked at.
        if (line.includes(ready)) lines.close();
      });
    }
  });
  child.stdout?.resume();
  child.stderr?.resume();
  return {
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** The numbers of events, by which their messages are known. */
export function numbersOf(events: readonly SampleEvent[]): number[] {
  return events.map(({ id }) => Number(id.slice('evt_'.length)));
}
