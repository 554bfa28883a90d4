import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { LoadRequest } from '../load/open-loop.ts';
import type { SampleEvent } from '../load/sample.ts';

/** A server under test, as one process or several. */
export type Subject = {
  /** Its process ids. */
  pids: number[];
  /** A request with these events; more than one is a batch. Its signature is valid for five minutes. */
  toRequest(events: readonly SampleEvent[]): LoadRequest;
  stop(): Promise<void>;
};

/** Starts a process and waits until it prints a line with `ready`. @throws Error with its output if it ends before */
export async function startProcess(
  command: string,
  args: readonly string[],
  { env = {}, ready }: { env?: Record<string, string>; ready: string },
): Promise<{ pid: number; stop(): Promise<void> }> {
  const child: ChildProcess = spawn(command, args, {
    // Only the path to programs is inherited: other settings are not the subject's.
    // Only what it is given: a setting of whoever runs the benchmark would change the result.
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
        // From then on its output is read and ignored.
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

/** The numbers of events, which identify their messages. */
export function numbersOf(events: readonly SampleEvent[]): number[] {
  return events.map(({ id }) => Number(id.slice('evt_'.length)));
}
