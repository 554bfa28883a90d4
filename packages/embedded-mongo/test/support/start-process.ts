import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type DatabaseProcess = { uri: string; kill(): Promise<void> };

/** In a process that can be killed. @param options.build the folder of the built package */
export async function startProcess(options: {
  build: string;
  dataDir: string;
  maintenanceIntervalMs?: number;
  /** The maximum size of a file in blocks of 512 bytes, as if the disk were full. */
  maxFileBlocks?: number;
  nodeOptions?: readonly string[];
}): Promise<DatabaseProcess> {
  const { build, dataDir, maintenanceIntervalMs = 60_000, maxFileBlocks = 'unlimited' } = options;
  const { nodeOptions = [] } = options;
  const script = fileURLToPath(new URL('./process.mjs', import.meta.url));
  const command = [process.execPath, ...nodeOptions, script, build, dataDir, String(maintenanceIntervalMs)];
  const child = spawn('sh', ['-c', `ulimit -f ${maxFileBlocks}; exec "$@"`, 'sh', ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  return {
    uri: await Promise.race([
      firstLine(child),
      exited.then(() => Promise.reject(new Error('the database did not start'))),
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
