import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MongoClient } from 'mongodb';
import { inject } from 'vitest';
import { uriOf } from '../../sandbox/database-uri.ts';
import { readConfig } from '../../src/config.ts';
import { assertNoLeaks } from './find-leaks.ts';

export type AppProcess = {
  /** Like a power cut. @throws Error if its output holds a secret, as `terminate` does */
  kill(): Promise<void>;
  output(): string;
  /** Does not wait. */
  signal(): void;
  /** @returns the exit code, or the signal that ended it */
  terminate(): Promise<number | NodeJS.Signals | null>;
};

const running = new Set<ChildProcess>();

/** Processes that a failed test left running. */
export async function killLeftovers(): Promise<void> {
  for (const child of running) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** A database that outlives processes: a folder for the embedded store, or a name on the engine of MONGODB_URI. */
export type LastingDatabase = { env: Record<string, string>; remove(): Promise<void> };

export async function createLastingDatabase(): Promise<LastingDatabase> {
  const uri = process.env.MONGODB_URI;
  if (uri === undefined) {
    const dataDir = await mkdtemp(join(tmpdir(), 'perly-test-'));
    return { env: { DATA_DIR: dataDir }, remove: () => rm(dataDir, { recursive: true }) };
  }
  const name = `test_${randomBytes(6).toString('hex')}`;
  return {
    env: { MONGODB_URI: uriOf(uri, name) },
    async remove() {
      const client = await new MongoClient(uri).connect();
      await client.db(name).dropDatabase();
      await client.close();
    },
  };
}

/** The path of a script of the built app. */
export function builtScript(name: 'main' | 'deliveries' | 'reencrypt'): string {
  return join(inject('build'), 'src', name === 'main' ? 'main.js' : `cli/${name}.js`);
}

/** Resolves when the app listens. @throws Error with its output if it does not */
export async function startAppProcess(env: Record<string, string>): Promise<AppProcess> {
  const child = spawn(process.execPath, [builtScript('main')], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const exited = once(child, 'exit');
  const output: string[] = [];
  await untilListening(child, output);
  const config = readConfig(env);
  return {
    output: () => output.join('\n'),
    async kill() {
      child.kill('SIGKILL');
      await exited;
      assertNoLeaks(output, config);
    },
    signal() {
      child.kill('SIGTERM');
    },
    async terminate() {
      child.kill('SIGTERM');
      await exited;
      assertNoLeaks(output, config);
      return child.exitCode ?? child.signalCode;
    },
  };
}

async function untilListening(child: ChildProcess, output: string[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface(stream).on('line', (line) => {
        output.push(line);
        if (line.includes('is listening')) resolve();
      });
    }
    child.once('exit', (code) => reject(new Error(`exit ${code}\n${output.join('\n')}`)));
  });
}
