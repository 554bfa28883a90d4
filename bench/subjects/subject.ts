import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { LoadRequest } from '../load/open-loop.ts';
import type { SampleEvent } from '../load/sample.ts';

/** A server under test, as one process or several. */
export type Subject = {
  /** Its process ids. */
  pids: number[];
  /** The processes of the database that it stores in, if that is one of its own: the roots of their trees. */
  enginePids?: readonly number[];
  /** A request with these events; more than one is a batch. Its signature is valid for five minutes. */
  toRequest(events: readonly SampleEvent[]): LoadRequest;
  stop(): Promise<void>;
};

/** A subject that cannot be measured here. `hint` is the command that installs it. */
export class NotInstalledError extends Error {
  readonly hint: string;

  constructor(hint: string) {
    super(`not installed: ${hint}`);
    this.hint = hint;
  }
}

/** @throws NotInstalledError if a command is missing */
export async function requireInstalled<T>(hint: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new NotInstalledError(hint);
    throw error;
  }
}

type RunningProcess = { pid: number; stop(): Promise<void> };

type ProcessOptions = {
  env?: Record<string, string>;
  ready: string;
  /** The user that it runs as. */
  uid?: number;
  gid?: number;
  stopSignal?: NodeJS.Signals;
};

/** Starts a process and waits until it prints a line with `ready`. @throws Error with its output if it ends before */
export async function startProcess(
  command: string,
  args: readonly string[],
  { env = {}, ready, stopSignal = 'SIGTERM', ...user }: ProcessOptions,
): Promise<RunningProcess> {
  const child: ChildProcess = spawn(command, args, {
    // Only PATH is inherited: other variables would change the result.
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  const output: string[] = [];
  const exited = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${command} ended:\n${output.join('\n')}`)));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      const lines = createInterface(stream).on('line', (line) => {
        output.push(line);
        if (line.includes(ready)) resolve();
        // Later output is read and ignored.
        if (line.includes(ready)) lines.close();
      });
    }
  });
  child.stdout?.resume();
  child.stderr?.resume();
  return {
    pid: child.pid ?? 0,
    async stop() {
      child.kill(stopSignal);
      await exited;
    },
  };
}

/** The numbers of events, which identify their messages. */
export function numbersOf(events: readonly SampleEvent[]): number[] {
  return events.map(({ id }) => Number(id.slice('evt_'.length)));
}
