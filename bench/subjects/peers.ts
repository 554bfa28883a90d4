import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../sandbox/local-environment.ts';
import { createBenchDatabase } from '../bench-database.ts';
import { enginePids, engineUri } from '../engine.ts';
import type { Engine } from '../engines/engine.ts';
import { startPostgres } from '../engines/postgres.ts';
import { startRedis } from '../engines/redis.ts';
import type { Sink } from '../load/sink.ts';
import { signedRequest } from './bare.ts';
import { NotInstalledError, requireInstalled, type Subject, startProcess } from './subject.ts';

type Queue = 'bullmq' | 'graphile-worker' | 'pg-boss' | 'agenda';

type Peer = { name: string; queue: Queue; startEngine: () => Promise<Engine>; install: string };

const folder = join(import.meta.dirname, '../peers');

/**
 * Alternatives to the app: servers that add a job for each delivery to a durable queue, answer, and post from
 * the queue.
 */
export const peers: readonly Peer[] = [
  {
    name: 'BullMQ everysec',
    queue: 'bullmq',
    startEngine: () => startRedis('everysec'),
    install: 'redis-server',
  },
  {
    name: 'BullMQ always',
    queue: 'bullmq',
    startEngine: () => startRedis('always'),
    install: 'redis-server',
  },
  { name: 'graphile-worker', queue: 'graphile-worker', startEngine: startPostgres, install: 'postgresql' },
  { name: 'pg-boss', queue: 'pg-boss', startEngine: startPostgres, install: 'postgresql' },
  { name: 'Agenda', queue: 'agenda', startEngine: startOwnEngine, install: 'nothing' },
];

/** @throws NotInstalledError if its engine or its packages are missing */
export async function startPeer(sink: Sink, { queue, startEngine, install }: Peer): Promise<Subject> {
  if (queue !== 'agenda' && !existsSync(join(folder, 'node_modules', queue)))
    throw new NotInstalledError('npm ci --prefix bench/peers');
  const engine = await requireInstalled(`apt-get install ${install}`, startEngine);
  const port = await findFreePort();
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const server = await startProcess(
    process.execPath,
    [join(folder, 'server.mjs'), queue, String(port), secret, sink.origin, engine.address],
    { env: { NODE_ENV: 'production' }, ready: 'is listening' },
  );
  return {
    pids: [server.pid],
    enginePids: engine.pids,
    toRequest: (events) => signedRequest(`http://127.0.0.1:${port}`, secret, events),
    async stop() {
      await server.stop();
      await engine.stop();
    },
  };
}

/** The engine that the app uses as well: that of `MONGODB_URI`, or an embedded database that the peer starts. */
async function startOwnEngine(): Promise<Engine> {
  if (engineUri === undefined) {
    const data = await mkdtemp(join(tmpdir(), 'perly-bench-agenda-'));
    return { address: data, pids: [], stop: () => rm(data, { recursive: true }) };
  }
  const { env, remove } = await createBenchDatabase();
  return { address: env.MONGODB_URI ?? '', pids: enginePids, stop: remove };
}
