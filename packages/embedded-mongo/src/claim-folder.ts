import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { storeKey } from './storage/keys.ts';
import { isWriteFault, type Storage } from './storage/storage.ts';

const ownerKey = storeKey(0, Buffer.from('o'));

/**
 * A socket that accepts connections belongs to a living process, even after kill -9; lmdb's transaction decides
 * between concurrent claims.
 * @param socketPath the socket on which this process is already listening
 * @returns false if another process owns the storage
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

/** On a full disk the entry stays, and the next owner finds that its socket is closed. */
export function releaseFolder(storage: Storage): void {
  try {
    storage.write(() => storage.remove(ownerKey));
  } catch (error) {
    if (!isWriteFault(error)) throw error;
  }
}

function isAlive(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath);
    const answer = (alive: boolean) => {
      probe.destroy();
      resolve(alive);
    };
    probe.once('connect', () => answer(true));
    // Refused or missing: the process is dead. Any other error may come from a living one.
    probe.once('error', ({ code }: NodeJS.ErrnoException) =>
      answer(code !== 'ECONNREFUSED' && code !== 'ENOENT' && code !== 'ENOTSOCK'),
    );
  });
}
