import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../sandbox/local-environment.ts';
import { startProcess } from '../subjects/subject.ts';
import type { Engine } from './engine.ts';

/**
 * Redis with an append-only file, as a queue that is to survive needs it.
 * @param fsync `always` syncs before each answer; `everysec`, its default, may lose the last second
 * @throws Error `ENOENT` without Debian's package redis-server
 */
export async function startRedis(fsync: 'everysec' | 'always'): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'perly-bench-redis-'));
  const port = await findFreePort();
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    appendfsync: fsync,
    'maxmemory-policy': 'noeviction',
  };
  const server = await startProcess(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    { ready: 'Ready to accept connections' },
  );
  return {
    address: String(port),
    pids: [server.pid],
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}
