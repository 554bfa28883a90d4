import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A process of the built app that is restarted whenever it ends, as a supervisor would. */
export type AppProcess = {
  readonly slot: number;
  readonly url: string;
  /** Resolves when it first listens, or is killed before. */
  start(): Promise<void>;
  /** Like a power cut; `start` brings it back. */
  kill(): Promise<void>;
  /** Like a machine that swaps, or a paused container. */
  freeze(): void;
  thaw(): void;
  /** @returns the exit code, or undefined if it had to be killed */
  terminate(): Promise<number | undefined>;
};

const preload = fileURLToPath(new URL('preload.mjs', import.meta.url));

/** Time for a process to end when it is asked to. */
const endingMs = 30_000;

/** Pause before a process that ended by itself is restarted. */
const restartMs = 1000;

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/**
 * @param folder its working directory: one without an `.env`
 * @param onDeath called when it ended by itself; `hadListened` is false if it never started
 */
export function createAppProcess(options: {
  slot: number;
  app: string;
  folder: string;
  env: Record<string, string>;
  onLine(line: string): void;
  onDeath(code: number | null, hadListened: boolean): void;
}): AppProcess {
  const { slot, env } = options;
  const args = ['--import', preload, resolve(options.app)];
  let child: ChildProcess | undefined;
  let isWanted = false;
  /** Ends the wait of `start`. */
  let endStart = () => {};

  function spawnChild(onListening: () => void): void {
    const own = spawn(process.execPath, args, {
      cwd: options.folder,
      // Of the suite's own environment only PATH is inherited: other variables would change the run.
      env: { PATH: process.env.PATH, LOG_LEVEL: 'info', SENDER: `process-${slot}`, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = own;
    children.add(own);
    let hasListened = false;
    for (const stream of [own.stdout, own.stderr]) {
      createInterface(stream).on('line', (line) => {
        options.onLine(line);
        if (hasListened || !line.includes('is listening')) return;
        hasListened = true;
        onListening();
      });
    }
    own.once('exit', (code) => {
      children.delete(own);
      if (child === own) child = undefined;
      if (!isWanted) return;
      options.onDeath(code, hasListened);
      void restart(onListening);
    });
  }

  async function restart(onListening: () => void): Promise<void> {
    await wait(restartMs);
    if (isWanted && child === undefined) spawnChild(onListening);
  }

  async function end(signal: NodeJS.Signals): Promise<number | undefined> {
    isWanted = false;
    endStart();
    const own = child;
    if (own === undefined) return undefined;
    const exited = once(own, 'exit');
    own.kill(signal);
    await exited;
    return own.exitCode ?? undefined;
  }

  return {
    slot,
    url: `http://localhost:${env.PORT}`,
    start() {
      isWanted = true;
      return new Promise((resolve) => {
        endStart = resolve;
        spawnChild(resolve);
      });
    },
    async kill() {
      await end('SIGKILL');
    },
    freeze() {
      child?.kill('SIGSTOP');
    },
    thaw() {
      child?.kill('SIGCONT');
    },
    async terminate() {
      const own = child;
      const killTimer = setTimeout(() => own?.kill('SIGKILL'), endingMs);
      const code = await end('SIGTERM');
      clearTimeout(killTimer);
      return code;
    },
  };
}
