import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type StoreProcess = { uri: string; kill(): Promise<void> };

/**
 * An embedded store in a process of its own, that can be killed without a word.
 *
 * @param options.build the folder of the built app
 */
export async function startStoreProcess(options: {
  build: string;
  dataDir: string;
  sweepIntervalMs?: number;
}): Promise<StoreProcess> {
  const { build, dataDir, sweepIntervalMs = 60_000 } = options;
  const script = fileURLToPath(new URL('./store-process.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, build, dataDir, String(sweepIntervalMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  return {
    uri: await Promise.race([
      firstLine(child),
      exited.then(() => Promise.reject(new Error('it did not start'))),
    ]),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.trim();
}
