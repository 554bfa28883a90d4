import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { storeKey } from './storage/keys.ts';
import type { Storage } from './storage/storage.ts';

/** Where the storage says which socket its owner listens on. */
const ownerKey = storeKey(0, Buffer.from('o'));

/**
 * Makes this process the only owner of a storage. Each owner listens on a socket of its own, never used again, and
 * writes its path into the storage. A socket that takes connections has a living process behind it, and the kernel
 * closes it with the process, also after kill -9; so no process number is trusted. lmdb's transaction decides between
 * two that come at once.
 *
 * @param socketPath the socket on which this process listens already
 * @returns false when another process has the storage
 */
export async function claimFolder(storage: Storage, socketPath: string): Promise<boolean> {
  for (;;) {
    const owner = storage.get(ownerKey)?.toString();
    if (owner !== undefined && (await isAlive(owner))) return false;
    const claimed = storage.write(() => {
      if (storage.get(ownerKey)?.toString() !== owner) return false;
      storage.put(ownerKey, Buffer.from(socketPath));
      return true;
    });
    if (!claimed) continue;
    if (owner !== undefined) rmSync(owner, { force: true });
    return true;
  }
}

/** Gives the storage free, at a clean end. */
export function releaseFolder(storage: Storage): void {
  storage.write(() => storage.remove(ownerKey));
}

function isAlive(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath);
    const answer = (alive: boolean) => {
      probe.destroy();
      resolve(alive);
    };
    probe.once('connect', () => answer(true));
    // Refused, or gone: the process is dead. Anything else might be a living one.
    probe.once('error', ({ code }: NodeJS.ErrnoException) =>
      answer(code !== 'ECONNREFUSED' && code !== 'ENOENT' && code !== 'ENOTSOCK'),
    );
  });
}
