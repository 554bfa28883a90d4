import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A process of the built app that is started again whenever it ends, as whoever runs it would. */
export type AppProcess = {
  readonly slot: number;
  readonly url: string;
  /** Settles when it listens for the first time after it was started, or is killed before that. */
  start(): Promise<void>;
  /** Ends it like a power cut; `start` brings it back. */
  kill(): Promise<void>;
  /** Has it stand still, as a machine that swaps or a paused container does. */
  freeze(): void;
  thaw(): void;
  /** Asks it to end. @returns its exit code, or undefined where it had to be killed */
  terminate(): Promise<number | undefined>;
};

const preload = fileURLToPath(new URL('preload.mjs', import.meta.url));

/** How long a process may take to end when it is asked to. Milliseconds. */
const endingMs = 30_000;

/** How long a process that ended by itself stays away. Milliseconds. */
const restartMs = 1000;

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/**
 * @param folder where it runs: not where an `.env` is
 * @param onLine every line that it writes
 * @param onDeath when it ended by itself; `hadListened` is false where it did not come up
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
  /** Whoever starts it does not wait any more. */
  let endStart = () => {};

  function spawnChild(onListening: () => void): void {
    const own = spawn(process.execPath, args, {
      cwd: options.folder,
      // Nothing of whoever tests but where programs are found: their settings are not the app's.
      // Only what it is given: settings of whoever runs the suite would change the run.
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
