import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../sandbox/local-environment.ts';
import { startProcess } from '../subjects/subject.ts';
import type { Engine } from './engine.ts';

/** Where Debian's packages have a folder for each version. */
const versionsFolder = '/usr/lib/postgresql';

/**
 * PostgreSQL with its default durability: each commit is synced.
 * @throws Error `ENOENT` if Debian's package postgresql is not installed
 */
export async function startPostgres(): Promise<Engine> {
  const [newest = ''] = readdirSync(versionsFolder).sort((a, b) => Number(b) - Number(a));
  const bin = join(versionsFolder, newest, 'bin');
  const folder = await mkdtemp(join(tmpdir(), 'perly-bench-postgres-'));
  const user = userToRunAs();
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const port = await findFreePort();
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'],
    {
      ...user,
      cwd: folder,
      stdio: 'ignore',
    },
  );
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
  const server = await startProcess(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    // SIGINT ends it without waiting for its clients.
    { ...user, ready: 'is ready to accept connections', stopSignal: 'SIGINT' },
  );
  return {
    address: `postgres://bench@127.0.0.1:${port}/postgres`,
    pids: [server.pid],
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** PostgreSQL refuses to run as root, so then its own user does. */
function userToRunAs(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}
