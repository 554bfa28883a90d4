import { spawn } from 'node:child_process';

/**
 * Keeps the first core busy until stopped, as a neighbour on the same machine would.
 * @returns a function that stops it
 */
export function occupyCore(): () => void {
  const child = spawn('taskset', ['-c', '0', process.execPath, '-e', 'for (;;);'], { stdio: 'inherit' });
  return () => void child.kill('SIGKILL');
}
